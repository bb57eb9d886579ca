"""The table of what a rehearsal's head does: created, changed, recreated, deleted, left behind."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from elysium.cluster.protocol import Action
from elysium.present.console import line, on_one_line
from elysium.present.rehearsal_parts import changes, ready
from elysium.present.rehearsal_words import unit_name
from elysium.present.verdict import count
from elysium.rehearse.types import Rehearsal, Verdict

__all__ = ["print_changes"]

_MARKS = {
    Action.RECREATED: ("±", "bold magenta"),
    Action.CREATED: ("+", "green"),
    Action.CONFIGURED: ("~", "yellow"),
    Action.PRUNED: ("-", "red"),
    Action.ORPHANED: ("!", "cyan"),
}
_AROUND = 22
"""What a row of the table has besides its names, with the space that a wrapped line would need."""

_Cells = tuple[str, str, str]


def print_changes(console: Console, rehearsal: Rehearsal, rows: int) -> None:
    """A row for each object with its unit and file, at most `rows` an action; what stays and is ready is counted."""
    found = {action: [_cells(item, rehearsal) for item in items] for action, items in changes(rehearsal).items()}
    counted = _counted(rehearsal)
    if not found and not counted:
        return
    line(console, Text("what the head does" if rehearsal.base else "what it does", style="bold"))
    shown = [cells for items in found.values() for cells in items[:rows]]
    widths = [max((len(cells[column]) for cells in shown), default=0) for column in range(3)]
    fits = not console.is_terminal or _AROUND + sum(widths) <= console.width
    for action, items in found.items():
        for cells in items[:rows]:
            line(console, _row(action, cells, widths, with_unit=fits), 2)
        if len(items) > rows:
            line(console, Text(f"… and {len(items) - rows:,} more {action.value} (--all)", style="dim"), 4)
    for text in counted:
        line(console, Text(text, style="dim"), 2)
    line(console, Text())


def _counted(rehearsal: Rehearsal) -> list[str]:
    unchanged, up = rehearsal.summary.actions.get(Action.UNCHANGED, 0), ready(rehearsal)
    return [
        *([f"= {unchanged:,} unchanged"] if unchanged else []),
        *([f"✓ {count(up, 'workload')} ready"] if up else []),
    ]


def _cells(item: Verdict, rehearsal: Rehearsal) -> _Cells:
    place = f"{item.file}:{item.line}" if item.line else item.file
    return on_one_line(str(item.object)), on_one_line(unit_name(item.unit, rehearsal)), on_one_line(place)


def _row(action: Action, cells: _Cells, widths: Sequence[int], *, with_unit: bool) -> Text:
    """One line of the table; where the terminal is too narrow for all of it, without the unit."""
    mark, style = _MARKS[action]
    name, unit, place = cells
    row = Text.assemble((f"{mark} {action.value:<10}", style), f"  {name:<{widths[0]}}")
    row.append(f"  {unit:<{widths[1]}}" if with_unit else "", style="dim")
    row.append(f"  {place}" if place else "", style="cyan")
    row.rstrip()
    return row
