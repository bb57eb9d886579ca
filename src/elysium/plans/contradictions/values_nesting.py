"""Templates read `.Values.enabled`, and the example of values has `enabled` below another key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between

__all__ = ["detect"]

_READ = re.compile(r"\.Values\.(\w+)")
_KEY = re.compile(r"^(\s*)([\w-]+):")
_VALUES = re.compile(r"\bvalues\b", re.IGNORECASE)


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Keys that are read at the top and stand one level lower in an example whose heading speaks of values."""
    read: dict[str, Line] = {}
    for line in reading.lines:
        for key in _READ.findall(line.text):
            read.setdefault(key, line)
    top, below = _keys(reading)
    for key, line in read.items():
        if key not in top and key in below:
            message = f"templates read .Values.{key}, and the example nests it: it works through a parent chart only"
            yield between("values-nesting", message, line, below[key])


def _keys(reading: Reading) -> tuple[dict[str, Line], dict[str, Line]]:
    """The keys of the examples at the top, and those one level below."""
    top: dict[str, Line] = {}
    below: dict[str, Line] = {}
    for line in reading.lines:
        found = _KEY.match(line.text) if line.code and _VALUES.search(line.part.title) else None
        if found:
            level = top if not found[1] else below
            if not found[1] or len(found[1]) <= _STEP:
                level.setdefault(found[2], line)
    return top, below


_STEP = 4
"""The widest indentation of a first level."""
