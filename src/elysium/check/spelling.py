"""Names that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["distance", "nearest"]


def distance(left: str, right: str) -> int:
    """How many characters to add, leave out, replace or swap with the next until one text is the other."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, one in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (one != other))
            if row > 1 and column > 1 and one == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate that `name` is most likely a misspelling of, or an empty string.

    Two edits are allowed, one for names of up to five characters; names that differ only in digits (`app-1`, `app-2`)
    are different on purpose.
    """
    allowed = 1 if len(name) <= 5 else 2
    best = ""
    for candidate in sorted(set(candidates)):
        if candidate == name or abs(len(candidate) - len(name)) > allowed or _letters(candidate) == _letters(name):
            continue
        edits = distance(name, candidate)
        if edits <= allowed:
            best, allowed = candidate, edits - 1
    return best


def _letters(name: str) -> str:
    return "".join(character for character in name if not character.isdigit())
