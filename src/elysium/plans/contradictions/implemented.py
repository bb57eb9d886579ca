"""The same thing is implemented according to one line, and pending according to another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.claimed import Claimed, claimed
from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import subject
from elysium.plans.types import Mark

__all__ = ["detect"]

_DONE = re.compile(
    r"^(.{3,120}?)\b(?:implemented|created|built|deployed|completed|finished|delivered)\b", re.IGNORECASE
)
_UNDONE = re.compile(r"\b(?:not|not yet|to be|until|will be|when)\s*$", re.IGNORECASE)
_OPEN = re.compile("[⏳💤]")
_LEAST = 2


def detect(reading: Reading) -> Iterator[Contradiction]:
    """An open mark whose words are all among those of something that is done."""
    done = [(line, words) for line in reading.prose if (words := _done_words(line))]
    for claim in claimed(reading):
        if claim.mark not in (Mark.PENDING, Mark.DEFERRED) or claim.phases:
            continue
        open_words = frozenset(claim.topics)
        for line, words in done:
            if len(open_words) >= _LEAST and open_words <= words and _elsewhere(line, claim):
                yield between("implemented", f"implemented in one place, {claim.mark} in another", line, claim.line)
                break


def _done_words(line: Line) -> frozenset[str]:
    """What is said to be done, where a line says so before any sign."""
    found = _DONE.match(line.text) if line.depth >= 0 and not _OPEN.search(line.text) else None
    if not found or _UNDONE.search(found[1]):
        return frozenset()
    return subject(found[1])


def _elsewhere(line: Line, claim: Claimed) -> bool:
    return line.number != claim.line.number and line.group != claim.line.group
