"""The result of a check as Markdown, for a comment on a pull request.

Text of the repository may not become markup of the comment: no links, mentions, HTML or table cells of its own.
"""

from __future__ import annotations

import html

from elysium.api import Report
from elysium.model import Finding
from elysium.present.checklist import line_text
from elysium.present.comparisons import comparison_text
from elysium.present.console import on_one_line
from elysium.present.grouping import Group, group
from elysium.present.inert import inert, inert_code
from elysium.present.run import Run
from elysium.present.unknowns import fold_unknowns
from elysium.present.verdict import count, verdict

__all__ = ["LARGEST", "document"]

LARGEST = 60_000
"""Characters: the largest code hosts take 65,536 in a comment, and whoever posts it may add some."""

_MARKS = {"error": "🔴", "warning": "🟡", "info": "🔵"}
_STATES = {"pass": "✓", "found": "✗", "unknown": "?"}
_OPEN_GROUPS = 3
_REASONS = 20


def document(report: Report, run: Run) -> str:
    """Verdict, findings by cause with the worst first, and what is unknown; what does not fit is counted."""
    head = [f"### {verdict(report, run.fail_on)}", "", _subject(report, run), "", *_lines(report)]
    tail = _unknown(report)
    room = LARGEST - sum(len(text) + 1 for text in (*head, *tail)) - 200
    lines: list[str] = []
    groups = group(report.findings)
    shown = 0
    for number, members in enumerate(groups):
        section = _section(members, run, opened=number < _OPEN_GROUPS)
        size = sum(len(text) + 1 for text in section)
        if size > room:
            break
        room -= size
        lines += section
        shown += len(members.findings)
    left = len(report.findings) - shown
    if left:
        lines += [f"… and {count(left, 'more finding')} that would not fit here.", ""]
    return "\n".join([*head, *lines, *tail]).rstrip() + "\n"


def _subject(report: Report, run: Run) -> str:
    units = sum(report.summary.units.values())
    counts = (count(units, "unit"), count(report.summary.objects, "object"))
    versions = (("Flux", report.summary.flux), ("Kubernetes", report.summary.kubernetes))
    return " · ".join(
        [inert_code(run.subject), *counts, *(f"{name} {version}" for name, version in versions if version)]
    )


def _lines(report: Report) -> list[str]:
    """The profile's checklist, and what was left out as known."""
    checked = [f"- {_STATES[item.state]} {inert(line_text(item))}" for item in report.checklist]
    known = [f"_{inert(comparison_text(item))}_" for item in report.comparisons]
    return [*checked, *([""] if checked else []), *known, *([""] if known else [])]


def _section(members: Group, run: Run, *, opened: bool) -> list[str]:
    title = members.title or run.subject
    number = count(len(members.findings), "finding")
    state = " open" if opened else ""
    rows = [_row(finding, with_file=members.by_rule) for finding in members.findings]
    hint = [f"_{inert(members.hint)}_", ""] if members.hint else []
    return [
        f"<details{state}><summary><code>{html.escape(on_one_line(title))}</code> · {number}</summary>",
        "",
        *rows,
        "",
        *hint,
        "</details>",
        "",
    ]


def _row(finding: Finding, *, with_file: bool) -> str:
    place = f"{finding.file}:{finding.line}" if with_file and finding.file else f"line {finding.line}"
    where = f"{inert_code(place)}: " if finding.line else ""
    more = f" (+{finding.folded:,} more)" if finding.folded else ""
    hint = f"<br>→ {inert(finding.hint)}" if finding.hint and not with_file else ""
    rule = "" if with_file else f" {inert_code(finding.rule)}"
    return f"- {_MARKS[finding.severity.value]} {where}{inert(finding.message)}{more}{rule}{hint}"


def _unknown(report: Report) -> list[str]:
    unknowns = fold_unknowns(report.units)
    if not unknowns:
        return []
    rows = [f"- {inert(', '.join(map(str, item.units[:3])))}: {inert(item.reason)}" for item in unknowns[:_REASONS]]
    title = f"{count(len(unknowns), 'reason')} why something is unknown offline"
    return [f"<details><summary>{title}</summary>", "", *rows, "", "</details>"]
