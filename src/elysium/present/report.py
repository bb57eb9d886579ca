"""The result of a check, for a person."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from elysium.check import Summary
from elysium.model import Finding, Severity, Unit
from elysium.present.console import plain
from elysium.present.unknowns import Unknown, fold_unknowns

__all__ = ["Run", "print_report"]

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_MARK = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
_STATE = {"rendered": ("✓", "green"), "failed": ("✗", "red"), "unknown": ("?", "magenta"), "suspended": ("‖", "dim")}
_SHOWN = 3
_LINES = 6


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, how long it took, and how much of it came from the cache."""

    subject: str
    revision: str = ""
    seconds: float = 0.0
    cached: str = ""
    fail_on: str = "error"


def print_report(
    console: Console, run: Run, findings: Iterable[Finding], units: Iterable[Unit], summary: Summary
) -> None:
    """Header, findings by file with the root causes first, what is unknown and why, and the verdict."""
    findings = tuple(findings)
    _header(console, run, summary)
    for file, members in _by_file(findings).items():
        _group(console, file, members)
    _unknowns(console, fold_unknowns(units))
    _verdict(console, run, summary)


def _header(console: Console, run: Run, summary: Summary) -> None:
    title = Text.assemble((run.subject, "bold"))
    versions = (("Flux", summary.flux), ("Kubernetes", summary.kubernetes))
    details = [run.revision, *(f"{name} {version}" for name, version in versions if version)]
    title.append("  " + " · ".join(item for item in details if item), style="dim")
    console.print(title)
    total = sum(summary.units.values())
    counts = [_count(summary.clusters, "cluster"), _count(total, "unit"), _count(summary.objects, "object")]
    line = Text("  " + ", ".join(counts))
    line.append(f" in {_duration(run.seconds)}" + (f" ({run.cached})" if run.cached else ""), style="dim")
    console.print(line)
    states = Text("  ")
    for state, number in summary.units.items():
        mark, style = _STATE[state]
        if number:
            states.append(f"{mark} {number} {state}   ", style=style)
    if total:
        console.print(states)
    console.print()


def _by_file(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.file or str(finding.object or finding.unit or finding.cluster), []).append(finding)
    return grouped


def _group(console: Console, file: str, members: list[Finding]) -> None:
    console.print(Text(plain(file) or "repository", style="bold underline"))
    for finding in sorted(members, key=lambda item: (item.severity.rank, item.line)):
        style = _STYLE[finding.severity]
        head = Text.assemble((f"{_MARK[finding.severity]} ", style))
        head.append(f"{finding.line}: " if finding.line else "", style="cyan")
        head.append(_capped(finding.message))
        head.append(f"  [{finding.rule}]", style="dim")
        console.print(Padding(head, (0, 0, 0, 2), expand=False))
        for note in _notes(finding):
            console.print(Padding(Text(plain(note), style="dim"), (0, 0, 0, 6), expand=False))
    console.print()


def _notes(finding: Finding) -> list[str]:
    notes = []
    if finding.object and str(finding.object) not in finding.message:
        notes.append(str(finding.object))
    if finding.folded:
        notes.append(f"and {_count(finding.folded, 'more place')} for the same reason")
    if finding.hint:
        notes.append(f"→ {finding.hint}")
    return notes


def _unknowns(console: Console, unknowns: tuple[Unknown, ...]) -> None:
    if not unknowns:
        return
    console.print(Text("unknown offline", style="bold underline"))
    for item in unknowns:
        names = ", ".join(str(unit) for unit in item.units[:_SHOWN])
        more = len(item.units) - _SHOWN
        head = Text.assemble(("? ", "magenta"), names + (f" and {more} more" if more > 0 else ""))
        if item.followers:
            head.append(f" (and {_count(item.followers, 'unit')} that wait for it)", style="dim")
        console.print(Padding(head, (0, 0, 0, 2), expand=False))
        console.print(Padding(Text(_capped(item.reason), style="dim"), (0, 0, 0, 6), expand=False))
        if item.remedy:
            console.print(Padding(Text(f"→ {plain(item.remedy)}", style="dim"), (0, 0, 0, 6), expand=False))
    console.print()


def _verdict(console: Console, run: Run, summary: Summary) -> None:
    names = {"error": "error", "warning": "warning", "info": "note"}
    parts = [_count(number, names[severity]) for severity, number in summary.findings.items() if number]
    if summary.units["unknown"]:
        parts.append(f"{summary.units['unknown']} unknown")
    text = ", ".join(parts)
    if summary.fails(run.fail_on):
        console.print(Text.assemble(("✗ ", "bold red"), (text, "bold")))
    elif parts:
        console.print(Text.assemble(("✓ passed", "bold green"), f" with {text}"))
    else:
        console.print(Text.assemble(("✓ all good", "bold green"), ": every unit renders and no rule objects"))


def _capped(message: str) -> str:
    lines = plain(message).strip().splitlines() or [""]
    return "\n".join(lines[:_LINES])


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
