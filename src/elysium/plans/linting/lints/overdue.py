"""A due date that is past, of work that nobody says is complete."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.dates import day
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item, Mark

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.work:
        due = day(reading.due(place))
        if due is not None and due < reading.today and not _is_said_to_be_done(place.item):
            late = (reading.today - due).days
            message = f"{place.item.id} was due on {due}, {late} day{'s' if late > 1 else ''} ago"
            yield defect(place.item.line, message, "finish it, or agree on another date", place.item.id)


def _is_said_to_be_done(item: Item) -> bool:
    attested = item.manual is not None and bool(item.manual.by)
    return item.checkbox is True or attested or any(claim.mark is Mark.COMPLETE for claim in item.claims)


LINT = Lint(name="overdue", severity=Severity.WARNING, summary="a due date is past", find=_find)
