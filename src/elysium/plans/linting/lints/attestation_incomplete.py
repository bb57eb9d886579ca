"""Somebody is said to have seen something, and it is not said who, when or what shows it."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.dates import day
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        item, manual = place.item, place.item.manual
        if manual is None or not any((manual.by, manual.date, manual.reference)):
            continue
        lacks = [
            name
            for name, value in (("who", manual.by), ("when", manual.date), ("a reference", manual.reference))
            if not value
        ]
        hint = 'attested="WHO 2026-12-01 REFERENCE"'
        if lacks:
            yield defect(item.line, f"the attestation of {item.id} lacks {', '.join(lacks)}", hint, item.id)
        elif (date := day(manual.date)) and date > reading.today:
            yield defect(item.line, f"the attestation of {item.id} is of a day to come ({date})", hint, item.id)


LINT = Lint(
    name="attestation-incomplete",
    severity=Severity.ERROR,
    summary="an attestation does not say who, when and what shows it",
    find=_find,
)
