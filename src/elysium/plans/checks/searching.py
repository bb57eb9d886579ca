"""What a check looks for in texts: words as they are, or `/a pattern/` between slashes."""

from __future__ import annotations

from functools import lru_cache

from elysium.plans.checks.patterns import Pattern, TooMuchWork

__all__ = ["TooMuchWork", "is_pattern", "line_of", "problem"]


def is_pattern(wanted: str) -> bool:
    """Whether it is written as a pattern."""
    return len(wanted) > 2 and wanted.startswith("/") and wanted.endswith("/")


def problem(wanted: str) -> str:
    """Why it cannot be looked for; empty when it can."""
    if not wanted:
        return "there is nothing to look for"
    try:
        if is_pattern(wanted):
            _pattern(wanted)
    except ValueError as error:
        return f"{wanted} is no pattern: {error}"
    return ""


def line_of(wanted: str, text: str) -> int:
    """The first line where it stands, from 1; 0 if it does not. Raises TooMuchWork for a pattern that takes seconds."""
    if is_pattern(wanted):
        return _pattern(wanted).line_of(text)
    place = text.find(wanted)
    return 0 if place < 0 else text.count("\n", 0, place) + 1


@lru_cache(maxsize=64)
def _pattern(wanted: str) -> Pattern:
    return Pattern(wanted[1:-1])
