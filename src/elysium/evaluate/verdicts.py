"""The three answers to a question about a cluster that only Git is known of."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Verdict", "all_of", "any_of"]


class Verdict(StrEnum):
    """Whether something may happen, as far as Git tells."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether one of them holds; None is an answer that nobody has."""
    found = tuple(answers)
    return True if True in found else None if None in found else False


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Whether all of them hold; None is an answer that nobody has."""
    found = tuple(answers)
    return False if False in found else None if None in found else True
