"""`Phase 2 (Ingress)`, while the heading of phase 2 speaks of something else and that of phase 3 of ingress."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.contradictions.vocabulary import subject

__all__ = ["detect"]

_EXPLAINED = re.compile(r"\bphase[ ]+(\d+(?:\.\d+)?)[ ]*\(([^()]{2,80})\)", re.IGNORECASE)
_REFERRED = re.compile(
    r"\((?:pending|in|until|see)?[ ]*phase[ ]+(\d+(?:\.\d+)?)(?:[ ]implementation)?\)", re.IGNORECASE
)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """References whose words fit the title of one other phase, and not of the one that they name."""
    titles = {number: subject(part.title) for number, part in reading.phases.items()}
    for line in reading.prose:
        if line.heading:
            continue
        for number, words in _references(line):
            meant = _meant(number, words, titles)
            if meant:
                message = f"the text calls it phase {number}, the headings phase {meant}"
                yield between("phase-numbers", message, line, _heading(reading, meant))


def _references(line: Line) -> Iterator[tuple[str, frozenset[str]]]:
    for found in _EXPLAINED.finditer(line.text):
        yield found[1], subject(found[2])
    for found in _REFERRED.finditer(line.text) if line.depth >= 0 else ():
        yield found[1], subject(line.text[: found.start()])


def _meant(number: str, words: frozenset[str], titles: dict[str, frozenset[str]]) -> str:
    if number not in titles or words & titles[number]:
        return ""
    fitting = [other for other, title in titles.items() if words & title]
    return fitting[0] if len(fitting) == 1 else ""


def _heading(reading: Reading, number: str) -> Line:
    part = reading.phases[number]
    return next(line for line in reading.lines if line.number == part.line)
