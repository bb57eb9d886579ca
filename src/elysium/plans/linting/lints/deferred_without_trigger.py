"""Something is put off, and nothing says what brings it back (requirements 3.8, 3.N3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item, Mark, Part

__all__ = ["LINT"]

_TRIGGER = re.compile(r"\b(until|unless|when|once|after|if|as soon as|criteria|trigger|pending)\b", re.IGNORECASE)
_NO_TRIGGER = "later"
"""What is read where only `deferred` is said."""
_HINT = 'deferred="what brings it back", such as deferred="a queue is chosen"'


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        item = place.item
        if _is_put_off(item) and item.deferred in ("", _NO_TRIGGER) and not _TRIGGER.search(item.title):
            yield defect(item.line, f"{item.id} is deferred, and nothing says until when", _HINT, item.id)
    for part in reading.parts:
        if _is_put_off_without_trigger(part) and not any(item.deferred for item in reading.items_of(part)):
            yield defect(part.line, f"{part.title!r} is deferred, and nothing says until when", _HINT)


def _is_put_off(item: Item) -> bool:
    return bool(item.deferred) or any(claim.mark is Mark.DEFERRED for claim in item.claims)


def _is_put_off_without_trigger(part: Part) -> bool:
    claims = [claim.words for claim in part.claims if claim.mark is Mark.DEFERRED]
    return bool(claims) and not any(map(_TRIGGER.search, (part.title, *claims)))


LINT = Lint(
    name="deferred-without-trigger",
    severity=Severity.ERROR,
    summary="something is deferred, and nothing says what brings it back",
    find=_find,
)
