"""What was fetched and what was not, as text and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

import msgspec
from rich.text import Text

from elysium.present.console import console, line, plain
from elysium.present.records import FORMAT
from elysium.sources.fetch import Outcome

__all__ = ["write_fetched"]

_MARKS = {"fetched": ("✓", "green"), "unchanged": ("=", "dim"), "failed": ("✗", "red"), "unknown": ("?", "magenta")}


def write_fetched(outcomes: Sequence[Outcome], out: TextIO, form: str) -> None:
    """One line an outcome, then how many there were of each kind."""
    if form == "json":
        records = [
            {
                "request": str(outcome.request),
                "state": outcome.state,
                "revision": outcome.revision,
                "message": outcome.message,
                "hint": outcome.hint,
            }
            for outcome in outcomes
        ]
        data = msgspec.json.encode({"version": FORMAT, "fetched": records})
        out.write(msgspec.json.format(data, indent=2).decode() + "\n")
        return
    target = console(out)
    for outcome in outcomes:
        mark, style = _MARKS[outcome.state]
        said = outcome.message or outcome.revision
        head = Text.assemble((f"{mark} ", style), plain(str(outcome.request)))
        line(target, head.append(f"  {plain(said)}" if said else "", style="dim"))
        if outcome.hint:
            line(target, Text(f"→ {plain(outcome.hint)}", style="italic"), 4)
    states = [outcome.state for outcome in outcomes]
    counts = [f"{states.count(state)} {state}" for state in _MARKS if state in states]
    line(target, Text(", ".join(counts) or "nothing has to be fetched", style="bold"))
