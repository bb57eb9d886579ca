"""An exit criterion that everybody reads differently ("works", "is ready"), and that nothing tells."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.vague import vague_word

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        word = vague_word(place.item) if not place.item.items else ""
        if word:
            message = f"the criterion {place.item.id} says {word!r}, and nothing tells whether it is so"
            severity = Severity.WARNING if place.item.manual else None
            hint = 'give it check="…", or manual="what somebody has to see" for an attestation'
            yield defect(place.item.line, message, hint, place.item.id, severity)


LINT = Lint(
    name="vague-criterion",
    severity=Severity.ERROR,
    summary="an exit criterion is vague, and nothing tells whether it is met",
    find=_find,
)
