"""Whether numbered parts follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from elysium.plans.types import Part

__all__ = ["misnumbered", "number_of"]

_NUMBER = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?[a-z]?", re.IGNORECASE)


def number_of(text: str) -> tuple[int, int] | None:
    """A number such as `0.5` in its parts; None for what is none."""
    found = _NUMBER.fullmatch(text.strip())
    return (int(found[1]), int(found[2] or 0)) if found else None


def misnumbered(parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    """Each part whose number does not follow the one before, with what is wrong with it.

    A decimal one (`0.5`) may come between two others, and nothing has to begin with a certain number.
    """
    before: tuple[int, int] | None = None
    seen: dict[str, int] = {}
    for part in parts:
        number = number_of(part.number)
        if number is None:
            continue
        if part.number in seen:
            yield part, f"is there twice, first in line {seen[part.number]}"
        elif before is not None and number < before:
            yield part, f"comes after {_written(before)}"
        elif before is not None and number[0] > before[0] + 1:
            yield part, f"follows {_written(before)}: {before[0] + 1} is left out"
        seen.setdefault(part.number, part.line)
        before = max(before, number) if before else number


def _written(number: tuple[int, int]) -> str:
    return f"{number[0]}.{number[1]}" if number[1] else str(number[0])
