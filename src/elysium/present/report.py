"""The result of a check, for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from elysium.api import Report
from elysium.check import Summary, UnknownKind
from elysium.model import Assumption, Finding, Severity
from elysium.present.checklist import print_checklist
from elysium.present.comparisons import print_comparisons
from elysium.present.console import line, on_one_line, plain
from elysium.present.grouping import Group, group
from elysium.present.run import Run
from elysium.present.unknowns import Unknown, fold_unknowns
from elysium.present.verdict import count, verdict

__all__ = ["print_report"]

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_MARK = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
_STATE = {"rendered": ("✓", "green"), "failed": ("✗", "red"), "unknown": ("?", "magenta"), "suspended": ("‖", "dim")}
_DIGEST = re.compile(r"\b([0-9a-f]{10})[0-9a-f]{30,}\b")
_SOURCE = re.compile(r"--source \S+")
_SHOWN = 3
_LINES = 6


def print_report(console: Console, run: Run, report: Report) -> None:
    """Header, findings by file with the root causes first, what is unknown, what was assumed, and the verdict."""
    _header(console, run, report.summary)
    print_checklist(console, report.checklist)
    for members in group(report.findings):
        (_rule_group if members.by_rule else _file_group)(console, run, members)
    _unknowns(console, fold_unknowns(report.units), report.unknown_kinds)
    _assumed(console, report.assumptions)
    print_comparisons(console, report.comparisons)
    _verdict(console, run, report)


def _header(console: Console, run: Run, summary: Summary) -> None:
    versions = (("Flux", summary.flux), ("Kubernetes", summary.kubernetes))
    revision = _DIGEST.sub(r"\1", run.revision)
    details = [revision, *(f"{name} {version}" for name, version in versions if version)]
    title = Text.assemble((plain(run.subject), "bold"))
    line(console, title.append("  " + " · ".join(item for item in details if item), style="dim"))
    total = sum(summary.units.values())
    counts = Text(
        ", ".join((count(summary.clusters, "cluster"), count(total, "unit"), count(summary.objects, "object")))
    )
    counts.append(f" in {_duration(run.seconds)}" + (", from the cache" if run.from_cache else ""), style="dim")
    line(console, counts, 2)
    states = [
        Text(f"{_STATE[state][0]} {number} {state}", style=_STATE[state][1])
        for state, number in summary.units.items()
        if number
    ]
    line(console, Text("   ").join(states), 2)
    line(console, Text())


def _file_group(console: Console, run: Run, members: Group) -> None:
    line(console, Text(on_one_line(members.title or run.subject), style="bold"))
    for finding in members.findings:
        head = Text.assemble((f"{_MARK[finding.severity]} ", _STYLE[finding.severity]))
        head.append(f"{finding.line}: " if finding.line else "", style="cyan")
        head.append(_capped(finding.message))
        line(console, head.append(f"  {finding.rule}", style="dim"), 2)
        for note in _notes(finding):
            line(console, note, 6)
    line(console, Text())


def _rule_group(console: Console, run: Run, members: Group) -> None:
    """Many places of one rule: a line for each, and what is the same for all of them once."""
    title = Text(members.title, style="bold").append(f"  {count(len(members.findings), 'finding')}", style="dim")
    line(console, title)
    for finding in members.findings:
        head = Text.assemble((f"{_MARK[finding.severity]} ", _STYLE[finding.severity]))
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file or finding.cluster or run.subject
        head.append(f"{on_one_line(place)}: ", style="cyan").append(_capped(finding.message))
        line(console, head.append(f" (+{finding.folded:,})" if finding.folded else "", style="dim"), 2)
        if finding.hint and not members.hint:
            line(console, Text(f"→ {plain(finding.hint)}", style="italic"), 6)
    if members.hint:
        line(console, Text(f"→ {plain(members.hint)}", style="italic"), 6)
    line(console, Text())


def _notes(finding: Finding) -> list[Text]:
    notes = []
    if finding.object and finding.object.name not in finding.message:
        notes.append(Text(on_one_line(str(finding.object)), style="dim"))
    if finding.folded:
        notes.append(Text(f"and {finding.folded:,} more with the same cause", style="dim"))
    if finding.hint:
        notes.append(Text(f"→ {plain(finding.hint)}", style="italic"))
    return notes


def _unknowns(console: Console, unknowns: tuple[Unknown, ...], kinds: tuple[UnknownKind, ...]) -> None:
    """One line for each reason; what has the same kind of remedy has it once."""
    if not unknowns and not kinds:
        return
    line(console, Text("unknown offline", style="bold"))
    groups: dict[str, list[Unknown]] = {}
    for item in unknowns:
        groups.setdefault(_SOURCE.sub("--source SOURCE=PATH", item.remedy.partition(", or ")[0]), []).append(item)
    for remedy, items in groups.items():
        for item in items:
            line(console, _unknown(item), 2)
        if remedy:
            full = items[0].remedy if len(items) == 1 else f"{remedy} (-o json tells what else would do, for each)"
            line(console, Text(f"→ {plain(full)}", style="italic"), 6)
    if kinds:
        _kinds(console, kinds)
    line(console, Text())


def _kinds(console: Console, kinds: tuple[UnknownKind, ...]) -> None:
    """The kinds without a schema in one line, however many there are."""
    names = ", ".join(f"{kind} ({count(kind.objects, 'object')})" for kind in kinds[:_SHOWN])
    more = f" and {count(len(kinds) - _SHOWN, 'more kind')}" if len(kinds) > _SHOWN else ""
    text = Text.assemble(("? ", "magenta"), plain(names) + more)
    line(console, text.append(": no schema is known, so nothing was checked against one", style="dim"), 2)
    line(console, Text(f"→ {kinds[0].remedy}", style="italic"), 6)


def _unknown(item: Unknown) -> Text:
    names = ", ".join(str(unit) for unit in item.units[:_SHOWN])
    more = len(item.units) - _SHOWN
    text = Text.assemble(("? ", "magenta"), plain(names) + (f" and {more} more" if more > 0 else ""))
    reason = _DIGEST.sub(r"\1…", _capped(item.reason))
    text.append(f": {reason}", style="dim")
    if item.followers:
        text.append(f" ({count(item.followers, 'unit')} waiting for it)", style="dim")
    return text


def _assumed(console: Console, assumptions: Iterable[Assumption]) -> None:
    """What a result rests on, where it is about a unit: the same for every run is in the JSON."""
    named = [item for item in assumptions if item.unit]
    if not named:
        return
    line(console, Text("assumed", style="bold"))
    by_message: dict[str, list[str]] = {}
    for item in named:
        by_message.setdefault(item.message, []).append(item.unit)
    for message, units in by_message.items():
        names = ", ".join(units[:_SHOWN]) + (f" and {len(units) - _SHOWN} more" if len(units) > _SHOWN else "")
        text = Text.assemble(("~ ", "cyan"), plain(names)).append(f": {_capped(message)}", style="dim")
        line(console, text, 2)
    line(console, Text())


def _verdict(console: Console, run: Run, report: Report) -> None:
    found = verdict(report, run.fail_on)
    mark, style = ("✓", "bold green") if found.passed else ("✗", "bold red")
    title = Text.assemble((f"{mark} ", style), (found.title, style if found.passed else "bold"))
    line(console, title.append(found.rest))


def _capped(message: str) -> str:
    lines = plain(message).strip().splitlines() or [""]
    return "\n".join(lines[:_LINES])


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
