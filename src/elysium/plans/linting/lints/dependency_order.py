"""An item waits for something that comes later in the plan: by `needs=`, or by saying "after phase 3" in phase 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.numbering import number_of
from elysium.plans.linting.reading import Reading
from elysium.plans.types import ItemPlace

__all__ = ["LINT"]

_AFTER = re.compile(
    r"\b(?:after|until|pending|requires?|needs?|depends on|waits? for)\s+phase\s+(\d+(?:\.\d+)?)", re.IGNORECASE
)


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        yield from _stated(place, reading)
        if place.phase is not None and not place.item.deferred:
            yield from _in_words(place, place.phase.number)


def _stated(place: ItemPlace, reading: Reading) -> Iterator[Defect]:
    item = place.item
    for needed in item.needs:
        other = reading.by_id.get(needed)
        if other is not None and other.item.line > item.line:
            message = f"{item.id} needs {needed}, which comes later (line {other.item.line})"
            yield defect(item.line, message, "move one of them, or take the dependency out", item.id)


def _in_words(place: ItemPlace, phase: str) -> Iterator[Defect]:
    own = number_of(phase)
    for found in _AFTER.finditer(place.item.title):
        other = number_of(found[1])
        if own is not None and other is not None and other > own:
            message = f"{place.item.id} belongs to phase {phase} and waits for phase {found[1]}"
            hint = f'move it into phase {found[1]}, or mark it deferred="phase {found[1]} is complete"'
            yield defect(place.item.line, message, hint, place.item.id)


LINT = Lint(
    name="dependency-order", severity=Severity.WARNING, summary="an item waits for one that comes later", find=_find
)
