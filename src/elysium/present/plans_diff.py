"""What a plan says that it changes against what it changes, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from elysium.plans.effects.impact import ImpactEntry, Standing
from elysium.present.console import line, plain
from elysium.present.plans_words import place, with_facts
from elysium.present.verdict import count

__all__ = ["print_impact"]

_MARKS = {
    Standing.UNDECLARED: ("✗", "bold red", "not declared"),
    Standing.UNDELIVERED: ("✗", "bold red", "declared, and not so"),
    Standing.UNKNOWN: ("?", "magenta", "not known"),
    Standing.DELIVERED: ("✓", "green", "as declared"),
    Standing.LISTED: ("·", "dim", "also changed"),
}
_SHOWN = 20


def print_impact(console: Console, entries: Sequence[ImpactEntry], *, everything: bool = False) -> None:
    """The entries by how they stand to the plan, errors first; of what needs no declaration only some are shown."""
    for standing, (mark, style, title) in _MARKS.items():
        members = [entry for entry in entries if entry.standing is standing]
        if not members:
            continue
        shown = members if everything or standing is not Standing.LISTED else members[:_SHOWN]
        line(console, Text(title, style="bold").append(f"  {len(members)}", style="dim"))
        for entry in shown:
            _entry(console, entry, mark, style)
        if len(shown) < len(members):
            line(console, Text(f"and {len(members) - len(shown)} more", style="dim"), 4)
        line(console, Text())
    _verdict(console, entries)


def _entry(console: Console, entry: ImpactEntry, mark: str, style: str) -> None:
    text = Text.assemble((f"{mark} ", style), plain(entry.message))
    told = f"{entry.item} says so" if entry.item and entry.standing is not Standing.UNDELIVERED else entry.item
    said = f"{told} (line {entry.plan_line})" if told and entry.plan_line else told
    line(console, with_facts(text, entry.category.value, said, place(entry.file, entry.line), entry.unit), 2)


def _verdict(console: Console, entries: Sequence[ImpactEntry]) -> None:
    wrong = sum(entry.is_error for entry in entries)
    unknown = sum(entry.standing is Standing.UNKNOWN for entry in entries)
    met = sum(entry.standing is Standing.DELIVERED for entry in entries)
    told = [f"{met} as declared"] + ([f"{unknown} not known"] if unknown else [])
    if wrong:
        text = Text.assemble(("✗ ", "bold red"), (count(wrong, "difference"), "bold"), f", {', '.join(told)}")
    elif unknown:
        text = Text.assemble(("? ", "magenta"), ", ".join(told))
    else:
        text = Text.assemble(("✓ ", "bold green"), ", ".join(told))
    line(console, text)
