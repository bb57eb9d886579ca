"""Robots that push to the main branch, where the branch is to be protected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_PUSHED = re.compile(r"\b(?:commit|push)\w*\b.{0,30}\b(?:directly|straight) to (?:the )?`?main", re.IGNORECASE)
_PROTECTED = re.compile(r"\bbranch protection\b|\bprotected? (?:the )?`?main", re.IGNORECASE)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Direct commits beside an advice to protect the branch."""
    pushed = next((line for line in reading.prose if _PUSHED.search(line.text)), None)
    advised = next(
        (
            line
            for line in reading.prose
            if _PROTECTED.search(re.sub(r"^\W*branch protection", "", line.text, flags=re.I))
        ),
        None,
    )
    if pushed and advised:
        second = advised if advised.number != pushed.number else None
        yield between("branches", "a protected branch refuses the direct commits that automation makes", pushed, second)
