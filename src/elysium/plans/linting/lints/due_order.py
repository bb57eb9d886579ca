"""An item is due before something that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.dates import day
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        due = day(reading.due(place))
        for needed in place.item.needs if due else ():
            other = reading.by_id.get(needed)
            before = day(reading.due(other)) if other else None
            if due and before and due < before:
                message = f"{place.item.id} is due on {due}, before {needed}, which it needs ({before})"
                yield defect(place.item.line, message, "change one of the dates", place.item.id)


LINT = Lint(
    name="due-order", severity=Severity.ERROR, summary="an item is due before something that it needs", find=_find
)
