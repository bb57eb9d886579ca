"""Which phases are blocked: those after a phase whose exit criteria are not known to hold.

The gate of a phase are its exit criteria; where it names none, its deliverables; where it has neither, everything in
it. Optional phases and those that run in parallel close no gate and stand behind none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from elysium.plans.results import Result
from elysium.plans.types import Item, Mark, Part, PartKind, Plan, Role

__all__ = ["blocking"]

_MOST_NAMED = 3


class _Told(Protocol):
    @property
    def result(self) -> Result: ...

    @property
    def state(self) -> Mark: ...


def blocking(plan: Plan, results: Mapping[str, _Told], *, whole: bool) -> dict[str, str]:
    """Why each blocked phase waits, by its number. Asked of a part of a plan, only gates that were asked count."""
    phases = [part for part in plan.all_parts() if part.kind is PartKind.PHASE]
    found: dict[str, str] = {}
    closed, gate = "", ""
    for phase in phases:
        if phase.parallel:
            continue
        if closed and phase.number != gate:  # two headings may begin the same phase
            found[phase.number] = closed
        if not closed and not phase.optional:
            waiting = _waiting(phase, results, whole=whole)
            closed, gate = (f"phase {phase.number} first: {_listed(waiting)}", phase.number) if waiting else ("", "")
    return found


def _waiting(phase: Part, results: Mapping[str, _Told], *, whole: bool) -> list[str]:
    asked = [item for item in _gate(phase) if whole or item.id in results]
    return [
        item.id
        for item in asked
        if item.id in results
        and results[item.id].result is not Result.PASS
        and results[item.id].state is not Mark.DEFERRED
    ]


def _gate(phase: Part) -> Sequence[Item]:
    items = [*_items(phase)]
    for role in (Role.CRITERION, Role.DELIVERABLE):
        named = [item for item in items if item.role is role]
        if named:
            return named
    return [item for item in items if item.role is not Role.NOTE]


def _items(part: Part) -> list[Item]:
    return [*part.items, *(item for inner in part.parts for item in _items(inner))]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
