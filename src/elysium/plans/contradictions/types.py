"""What a contradiction is: two places of a plan that cannot both be true."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from elysium.plans.contradictions.reading import Line, Reading

__all__ = ["Contradiction", "Detector", "between"]


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """The kind (the detector's name, or `registered`), what is wrong, both lines (from 1) and what they say.

    A place is 0 where there is no second line: something is absent, or a result speaks against a typed mark.
    """

    kind: str
    message: str
    places: tuple[int, int] = (0, 0)
    quotes: tuple[str, str] = ("", "")


Detector = Callable[[Reading], Iterator[Contradiction]]
"""One kind of contradiction, told from the text alone."""


def between(kind: str, message: str, first: Line, second: Line | None = None) -> Contradiction:
    """A contradiction between two lines, the earlier one first."""
    if second is None:
        return Contradiction(kind=kind, message=message, places=(first.number, 0), quotes=(first.quote, ""))
    if second.number < first.number:
        first, second = second, first
    return Contradiction(
        kind=kind, message=message, places=(first.number, second.number), quotes=(first.quote, second.quote)
    )
