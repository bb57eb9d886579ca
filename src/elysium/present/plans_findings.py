"""Findings about a plan as a document, or about the registers next to it, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from elysium.model import Severity
from elysium.plans.linting import PlanFinding
from elysium.plans.registers import RegisterFinding
from elysium.present.console import line, on_one_line, plain
from elysium.present.verdict import count

__all__ = ["print_plan_findings", "print_register_findings"]

_MARKS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("!", "yellow"), Severity.INFO: ("i", "blue")}
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def print_plan_findings(console: Console, findings: Sequence[PlanFinding]) -> None:
    """One line per finding in the order of the document, a hint that several share once, and the verdict."""
    _print(console, [(item, item.lint, item.item) for item in findings])


def print_register_findings(console: Console, findings: Sequence[RegisterFinding]) -> None:
    """The same of registers."""
    _print(console, [(item, item.rule, "") for item in findings])


_Row = tuple[PlanFinding | RegisterFinding, str, str]
"""The finding, the name of what found it, the id of the item."""


def _print(console: Console, rows: Sequence[_Row]) -> None:
    files: dict[str, list[_Row]] = {}
    for row in rows:
        files.setdefault(row[0].file, []).append(row)
    for file, members in files.items():
        line(console, Text(on_one_line(file or "plan"), style="bold"))
        told: set[str] = set()
        for row in members:
            _one(console, row, told)
        line(console, Text())
    line(console, _verdict([finding.severity for finding, _, _ in rows]))


def _one(console: Console, row: _Row, told: set[str]) -> None:
    """A finding; its hint only where no finding of the same file has given it."""
    finding, name, item = row
    mark, style = _MARKS[finding.severity]
    text = Text.assemble((f"{mark} ", style), (f"{finding.line}: " if finding.line else "", "cyan"))
    text.append(plain(finding.message))
    line(console, text.append(f"  {on_one_line(' '.join(filter(None, (name, item))))}", style="dim"), 2)
    if finding.hint and finding.hint not in told:
        told.add(finding.hint)
        line(console, Text(f"→ {plain(finding.hint)}", style="italic"), 6)


def _verdict(severities: Iterable[Severity]) -> Text:
    found = list(severities)
    numbers = [(found.count(severity), word) for severity, word in _WORDS.items()]
    told = ", ".join(count(number, word) for number, word in numbers if number)
    if Severity.ERROR in found:
        return Text.assemble(("✗ ", "bold red"), (told, "bold"))
    return Text.assemble(("✓ ", "bold green"), f"no errors, {told}" if told else "nothing to object to")
