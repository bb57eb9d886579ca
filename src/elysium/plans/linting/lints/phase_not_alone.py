"""A phase that cannot be verified before a later one: nothing in it can be told by itself (requirement 3.S1)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item, Part

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for phase in reading.phases:
        items = [place.item for place in reading.work if place.phase is phase]
        told = [item for item in items if item.checks or item.manual or item.decision]
        if items and not told:
            hint = "give at least its exit criteria a check"
            yield defect(phase.line, f"nothing in phase {phase.number} can be verified", hint)
        elif told and all(_waits(item, phase, reading) for item in told):
            message = f"nothing in phase {phase.number} can be verified before a later phase"
            hint = "give it an exit criterion that needs nothing later"
            yield defect(phase.line, message, hint)


def _waits(item: Item, phase: Part, reading: Reading) -> bool:
    """Whether an item needs, directly or by others, something behind its phase."""
    seen: set[str] = set()
    waiting = list(item.needs)
    while waiting:
        name = waiting.pop()
        place = reading.by_id.get(name)
        if place is None or name in seen:
            continue
        if place.item.line >= phase.end:
            return True
        seen.add(name)
        waiting += place.item.needs
    return False


LINT = Lint(
    name="phase-not-alone",
    severity=Severity.WARNING,
    summary="a phase cannot be verified before a later one, or not at all",
    find=_find,
)
