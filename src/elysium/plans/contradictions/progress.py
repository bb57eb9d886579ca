"""A phase that is said to be complete, although something of it is still open, next, or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.claimed import Claimed, claimed, phases_named
from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.types import Mark

__all__ = ["detect"]

_NEXT = re.compile(r"\bnext\b", re.IGNORECASE)
_PHASE = re.compile(r"(?<!after )\bphase[ ]+(\d+(?:\.\d+)?)", re.IGNORECASE)
_OPEN = (Mark.PENDING, Mark.DEFERRED)
_OVERVIEW = 3
"""A list that speaks of so many phases is one of all phases."""


def detect(reading: Reading) -> Iterator[Contradiction]:
    """What speaks against a phase that is complete."""
    claims = tuple(claimed(reading))
    complete = {number: claim for claim in reversed(claims) if claim.mark is Mark.COMPLETE for number in claim.phases}
    yield from _still_next(reading, complete)
    yield from _open_work(claims, complete)
    yield from _left_out(claims, complete)


def _still_next(reading: Reading, complete: dict[str, Claimed]) -> Iterator[Contradiction]:
    """`Next: Phase 2` of a phase that is complete."""
    for line in reading.prose:
        found = _NEXT.search(line.text)
        for number in _PHASE.findall(line.text[found.end() :]) if found else ():
            if number in complete:
                message = f"phase {number} is complete in one place and comes next in another"
                yield between("progress", message, complete[number].line, line)


def _open_work(claims: tuple[Claimed, ...], complete: dict[str, Claimed]) -> Iterator[Contradiction]:
    """An open mark inside of a complete phase, or on a line that names one."""
    for claim in claims:
        if claim.mark not in _OPEN:
            continue
        for number in _named_elsewhere(claim) or ((claim.line.phase,) if claim.line.phase else ()):
            if number in complete and complete[number].line is not claim.line:
                message = f"phase {number} is complete in one place, and work of it is {claim.mark} in another"
                yield between("progress", message, complete[number].line, claim.line)


def _named_elsewhere(claim: Claimed) -> tuple[str, ...]:
    """Phases that a line names which is not about phases itself: `(pending Phase 2)`."""
    return () if claim.phases else phases_named(claim.line.text)


def _left_out(claims: tuple[Claimed, ...], complete: dict[str, Claimed]) -> Iterator[Contradiction]:
    """A phase that is complete in one list of phases and absent from an earlier one."""
    lists: dict[int, list[Claimed]] = {}
    for claim in claims:
        if claim.phases:
            lists.setdefault(claim.line.part.line, []).append(claim)
    overviews = [found for found in lists.values() if len({n for claim in found for n in claim.phases}) >= _OVERVIEW]
    for number, claim in complete.items():
        for found in overviews:
            named = {n for other in found for n in other.phases}
            if number not in named and _done_in(found):
                message = f"phase {number} is complete here and absent from the list there"
                yield between("progress", message, claim.line, _nearest(found))


def _done_in(found: list[Claimed]) -> bool:
    return any(claim.mark is Mark.COMPLETE for claim in found)


def _nearest(found: list[Claimed]) -> Line:
    return found[-1].line
