"""A risk without severity, or without anything that is done about it (requirement 3.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item, Role

__all__ = ["LINT"]

_SEVERITY = re.compile(r"\b(critical|severe|high|medium|moderate|low|major|minor|severity)\b", re.IGNORECASE)
_MITIGATION = re.compile(
    r"\b(mitigat\w*|avoid\w*|prevent\w*|accept\w*|fallback)\b|[:;→]\s*\S+\s+\S+|\s[—–-]\s+\S+\s+\S+", re.IGNORECASE
)

_LONGEST = 2000


def _find(reading: Reading) -> Iterator[Defect]:
    risks = {place.item.id for place in reading.places if place.item.role is Role.RISK}
    for place in reading.places:
        if place.item.id not in risks or risks & set(place.parents):
            continue
        text = _text(place.item)[:_LONGEST]
        lacks = [] if _SEVERITY.search(text) else ["a severity"]
        lacks += [] if _MITIGATION.search(text) or place.item.checks else ["a mitigation"]
        if lacks:
            message = f"the risk {place.item.id} has no {' and no '.join(word.removeprefix('a ') for word in lacks)}"
            hint = "write `severity high: what can happen — what is done about it`, with the check that watches it"
            yield defect(place.item.line, message, hint, place.item.id)


def _text(item: Item) -> str:
    return " ".join((item.title, *map(_text, item.items)))


LINT = Lint(
    name="risk-incomplete", severity=Severity.WARNING, summary="a risk has no severity or no mitigation", find=_find
)
