"""Names that are nearly the same."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["distance", "nearest"]


def distance(left: str, right: str, most: int | None = None) -> int:
    """How many characters to add, leave out, replace or swap with the next until one text is the other.

    A number above `most` says no more than that: the count ends there.
    """
    left, right = _differing(left, right)
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, one in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (one != other))
            if row > 1 and column > 1 and one == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if most is not None and min(current) > most and min(last) >= most:
            return most + 1
        before, last = last, current
    return last[-1]


def _differing(left: str, right: str) -> tuple[str, str]:
    """The texts without the beginning and the end that they share."""
    shorter = min(len(left), len(right))
    start = next((place for place in range(shorter) if left[place] != right[place]), shorter)
    left, right, shorter = left[start:], right[start:], shorter - start
    end = next((place for place in range(shorter) if left[-1 - place] != right[-1 - place]), shorter)
    return left[: len(left) - end], right[: len(right) - end]


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate that `name` is most likely a misspelling of, or an empty string.

    Two edits are allowed, one for names of up to five characters; names that differ only in digits (`app-1`, `app-2`)
    are different on purpose.
    """
    allowed = 1 if len(name) <= 5 else 2
    best, letters = "", _letters(name)
    for candidate in sorted(set(candidates)):
        if candidate == name or abs(len(candidate) - len(name)) > allowed:
            continue
        edits = distance(name, candidate, allowed)
        if edits <= allowed and _letters(candidate) != letters:
            best, allowed = candidate, edits - 1
    return best


def _letters(name: str) -> str:
    return "".join(character for character in name if not character.isdigit())
