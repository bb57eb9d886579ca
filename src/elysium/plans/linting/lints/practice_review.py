"""Practice 7: those who are concerned review the plan before anything is done (requirement 0.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item

__all__ = ["LINT"]

_REVIEW = re.compile(
    r"\breview(?:s|ed|ing)?\b(?=.*\b(?:plan|stakeholders?|owners?|team|together|approved?)\b)|\bplan\b.*\b(?:review|approv)\w*",
    re.IGNORECASE,
)


def _find(reading: Reading) -> Iterator[Defect]:
    if not reading.work:
        return
    reviews = [place.item for place in reading.places if _is_review(place.item)]
    if any(_is_recorded(item) for item in reviews):
        return
    hint = 'an item `This plan is reviewed` with manual="those who are concerned agree" attested="WHO DATE REFERENCE"'
    if reviews:
        item = reviews[0]
        yield defect(item.line, f"the review {item.id} is not recorded", hint, item.id)
    else:
        yield defect(1, "nobody is said to have reviewed the plan", hint)


def _is_review(item: Item) -> bool:
    return _REVIEW.search(item.title[:500]) is not None


def _is_recorded(item: Item) -> bool:
    attested = item.manual is not None and bool(item.manual.by and item.manual.date)
    return attested or (item.decision is not None and bool(item.decision.chosen and item.decision.by))


LINT = Lint(
    name="practice-review",
    severity=Severity.WARNING,
    summary="a review of the plan by those who are concerned is recorded",
    find=_find,
    strict=True,
)
