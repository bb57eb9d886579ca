"""An attestation that held until a day that is past."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.dates import day
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        expires = day(place.item.manual.expires) if place.item.manual else None
        if expires is not None and expires < reading.today:
            message = f"the attestation of {place.item.id} held until {expires}"
            hint = 'look again, and write attested="WHO DATE REFERENCE until DATE"'
            yield defect(place.item.line, message, hint, place.item.id)


LINT = Lint(
    name="attestation-expired",
    severity=Severity.ERROR,
    summary="an attestation held until a day that is past",
    find=_find,
)
