"""How far a plan is, for a person: computed states by phase, owner or section, and where people typed otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from elysium.plans.contradictions import Contradiction
from elysium.plans.contradictions.registered import KIND as REGISTERED
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.progress.verification import ItemResult, Verification
from elysium.plans.results import Result
from elysium.plans.types import Mark
from elysium.present.console import line, on_one_line
from elysium.present.plans import print_deferred, print_heading
from elysium.present.plans_groups import Group, groups, late_items
from elysium.present.plans_words import STATES, contradictions_of, counted, results_text, with_facts
from elysium.present.verdict import count

__all__ = ["print_status"]

_NUMBERS = ("done", "open", "unknown", "deferred", "overdue")
_LEAST = 16


def print_status(
    console: Console,
    found: Verification,
    *,
    by: Sequence[str] = ("phase",),
    items: bool = False,
    claims: Iterable[Misstated] = (),
) -> None:
    """A table of the groups, with their open items where they are asked for, and what speaks against the document.

    `by` names what the items are grouped by together; `claims` are the typed marks that the computed states contradict.
    """
    print_heading(console, found)
    _table(console, groups(found, by), by, items=items)
    _overdue(console, found)
    print_deferred(console, found)
    wrong = list(claims)
    contradictions, registered = contradictions_of(found, wrong)
    _claims(console, wrong)
    _contradictions(console, "contradictions", contradictions)
    _contradictions(console, "registered by hand", registered)
    _last(console, found, ((len(wrong), "typed mark"), (len(contradictions), "contradiction")))


def _table(console: Console, rows: Sequence[Group], by: Sequence[str], *, items: bool) -> None:
    if not rows:
        line(console, Text(f"no item has a {' and a '.join(by)}", style="dim"))
        line(console, Text())
        return
    cells = [[on_one_line(name) for name in row.names] for row in rows]
    widths = _widths(console, [list(by), *cells])
    head = "  ".join(set_cell_size(name, width) for name, width in zip(by, widths, strict=True))
    line(console, Text(f"  {head}  {'  '.join(_NUMBERS)}".rstrip(), style="dim"))
    told = ""
    for row, names in zip(rows, cells, strict=True):
        why = row.blocked_by if row.state is Mark.BLOCKED and row.blocked_by != told else ""
        told = why or told
        line(console, _row(row, names, widths).append(f"  {on_one_line(why)}" if why else "", style="dim"))
        for item in row.items if items else ():
            if item.state not in (Mark.COMPLETE, Mark.DEFERRED):
                line(console, _item(item), 4)
    line(console, Text())


def _widths(console: Console, rows: Sequence[Sequence[str]]) -> list[int]:
    """The widths of the columns with names: on a terminal the widest gives way, in a pipe none does."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if console.is_terminal:
        room = console.width - 6 - sum(len(name) + 2 for name in _NUMBERS) - 2 * len(widths)
        widest = widths.index(max(widths))
        widths[widest] = max(min(widths[widest], room - sum(widths) + widths[widest]), _LEAST)
    return widths


def _row(row: Group, names: Sequence[str], widths: Sequence[int]) -> Text:
    mark, style = STATES[row.state]
    text = Text.assemble((f"{mark} ", style))
    text.append("  ".join(_fitted(name, width) for name, width in zip(names, widths, strict=True)))
    for name in _NUMBERS:
        number = getattr(row, name)
        shown = f"{number}/{row.total}" if name == "done" else str(number or "·")
        bad = number and name == "overdue"
        text.append("  ").append(shown.rjust(len(name)), style="bold red" if bad else "" if number else "dim")
    return text


def _fitted(name: str, width: int) -> str:
    return set_cell_size(name, width) if cell_len(name) <= width else set_cell_size(name, width - 1) + "…"


def _item(item: ItemResult) -> Text:
    mark, style = STATES[item.state]
    text = Text.assemble((f"{mark} ", style), (on_one_line(item.id), "cyan"), " ", on_one_line(item.title))
    why = item.reason if item.result is not Result.PASS else ""
    return with_facts(text, item.owner, f"due {item.due}" if item.due else "", why)


def _overdue(console: Console, found: Verification) -> None:
    late = late_items(found)
    if not late:
        return
    line(console, Text("overdue", style="bold"))
    for item in sorted(late, key=lambda item: item.due):
        text = Text.assemble(("! ", "bold red"), (on_one_line(item.due), "red"), " ", (on_one_line(item.id), "cyan"))
        line(console, with_facts(text.append(f" {on_one_line(item.title)}"), item.owner), 2)
    line(console, Text())


def _claims(console: Console, claims: Sequence[Misstated]) -> None:
    if not claims:
        return
    line(console, Text("typed marks that are not so", style="bold").append("  --fix-marks writes them", style="dim"))
    for claim in claims:
        text = Text.assemble(("✗ ", "bold red"), (f"{claim.line}: ", "cyan"), on_one_line(claim.about))
        line(console, text.append(f": marked {claim.said.value}, computed {claim.state.value}"), 2)
    line(console, Text())


def _contradictions(console: Console, title: str, found: Sequence[Contradiction]) -> None:
    if not found:
        return
    line(console, Text(title, style="bold").append(f"  {len(found)}", style="dim"))
    for one in found:
        line(console, _contradiction(one), 2)
    line(console, Text())


def _contradiction(one: Contradiction) -> Text:
    lines = ", ".join(str(number) for number in one.places if number)
    text = Text.assemble(("✗ ", "bold red"), (f"{lines}: " if lines else "", "cyan"), on_one_line(one.message))
    return text if one.kind == REGISTERED else text.append(f"  {on_one_line(one.kind)}", style="dim")


def _last(console: Console, found: Verification, wrong: Sequence[tuple[int, str]]) -> None:
    states = counted(item.state for item in found.items)
    text = ", ".join(f"{number} {mark.value}" for mark, number in states.items() if number)
    told = f"  ({results_text(found)})" if text else ""
    line(console, Text(text or "no items", style="bold").append(told, style="dim"))
    counts = (*wrong, (len(found.overdue), "overdue item"))
    if against := ", ".join(count(number, noun) for number, noun in counts if number):
        line(console, Text.assemble(("✗ ", "bold red"), against))
