"""A date that is none, so that nothing can be told from it."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.dates import day
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_HINT = "dates are written as 2026-12-01"


def _find(reading: Reading) -> Iterator[Defect]:
    for part in reading.parts:
        if part.due and day(part.due) is None:
            yield defect(part.line, f"{part.due!r} is no date", _HINT)
    for place in reading.places:
        item, manual, decision = place.item, place.item.manual, place.item.decision
        dates = (
            item.due,
            manual.date if manual else "",
            manual.expires if manual else "",
            decision.date if decision else "",
        )
        for text in dates:
            if text and day(text) is None:
                yield defect(item.line, f"{text!r} is no date", _HINT, item.id)


LINT = Lint(name="bad-date", severity=Severity.ERROR, summary="a date is none", find=_find)
