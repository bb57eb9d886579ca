"""A change that is said to arrive sooner than the source is looked at: an interval of 1h, `within 5 minutes`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_INTERVAL = re.compile(
    r"\b(\d{1,4})\s?(s|m|min|minutes?|h|hours?)\b[ -]+interval|interval(?: of|:)? (\d{1,4})(s|m|h)\b"
)
_SOURCE = re.compile(r"`main`|\bmain branch\b|\bGitRepository\b|\bmonitors\b|\brepository monitor", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin (\d{1,4})\s?(s|seconds?|m|min|minutes?|h|hours?)\b", re.IGNORECASE)
_ARRIVES = re.compile(r"deploy|sync|reconcil|appl(?:y|ies|ied)\b|roll", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Each promised time that is shorter than an interval of the repository's source."""
    intervals = tuple(_intervals(reading))
    for line in reading.prose:
        found = _WITHIN.search(line.text)
        if not found or not _ARRIVES.search(line.text):
            continue
        promised = int(found[1]) * _SECONDS[found[2][0].lower()]
        for source, seconds in intervals:
            if seconds > promised:
                message = "it arrives later than promised unless a Receiver is told of pushes: the source waits longer"
                yield between("reaction-times", message, source, line)


def _intervals(reading: Reading) -> Iterator[tuple[Line, int]]:
    for line in reading.prose:
        found = _INTERVAL.search(line.text) if _SOURCE.search(line.text) else None
        if found:
            number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
            yield line, int(number) * _SECONDS[unit[0].lower()]
