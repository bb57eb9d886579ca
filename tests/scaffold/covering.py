"""Covering arrays of strength 2: few rows in which every two values of every two factors meet.

Greedy: a row begins with two values that have not met, and takes the other factors in a random (seeded) order, each
with the value that meets the most values which it has not met yet. Which values go together is the caller's to say: he
extends a row by a value, and by whatever that value needs. Two values that no row can have are no pair.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["Extend", "Pair", "Row", "Space", "Value", "anything", "covering", "unmet"]

Row = dict[str, str]
Value = tuple[str, str]
Pair = tuple[Value, Value]
Extend = Callable[[Row, Row], Row | None]
"""A row that goes together with more values and what these need; None when it cannot have them."""

_FIRST = (0, 4, 12, 40)
"""A row begins with so many of the factors whose values have met the fewest, the others come in random order: by turns,
since no number is the best for all rows."""


def anything(row: Row, more: Row) -> Row | None:
    """Every value goes with every other one; a factor has one value."""
    return {**row, **more} if all(row.get(name, value) == value for name, value in more.items()) else None


class Space(NamedTuple):
    """Factors with their values, and what goes together. Values `apart` do not have to meet those of some factors."""

    factors: Mapping[str, Sequence[str]]
    extend: Extend = anything
    apart: Mapping[Value, Collection[str]] = {}

    def possible(self) -> Space:
        """The same without the values that no row can have."""
        alone = {
            (name, item): self.extend({}, {name: item}) for name, values in self.factors.items() for item in values
        }
        left = {name: [item for item in values if alone[name, item]] for name, values in self.factors.items()}
        return self._replace(factors=left)


def covering(space: Space, begun: Iterable[Row] = (), *, seed: int = 1, most: int = 60) -> list[Row]:
    """At most so many rows, in which the pairs meet that can, or as many of them as were found to.

    The first rows are those that were begun, with values for the factors that they do not have.
    """
    chance = random.Random(seed)
    space = space.possible()
    pairs = _Pairs(space)
    rows: list[Row] = []
    waiting = list(begun)[:most]
    while len(rows) < most and (start := waiting.pop(0) if waiting else _start(pairs, space.extend)) is not None:
        order = _order(space, pairs, chance, chance.choice(_FIRST))
        rows.append(_row(space, pairs, chance, start, order))
        pairs.meet(rows[-1])
    return rows


def unmet(space: Space, rows: Iterable[Row]) -> list[Pair]:
    """The pairs that could meet, and do not in these rows."""
    pairs = _Pairs(space.possible())
    for row in rows:
        pairs.meet(row)
    return [pair for pair in pairs.all() if _begun(pair, space.extend) is not None]


class _Pairs:
    """Pairs of values that have not met: for every value the set of the others, as bits of a number."""

    def __init__(self, space: Space) -> None:
        factors = space.factors
        self._values = [(name, value) for name, values in factors.items() for value in values]
        self._bits = {value: 1 << number for number, value in enumerate(self._values)}
        everything = (1 << len(self._values)) - 1
        self._open = {
            (name, value): everything & ~sum(self._bits[name, own] for own in values)
            for name, values in factors.items()
            for value in values
        }

        for one, names in space.apart.items():
            for two in self._values:
                if two[0] in names and one in self._open:
                    self.forget((one, two))

    def all(self) -> Iterator[Pair]:
        """Every pair that has not met, once; first those of the value that has met the fewest."""
        for one in sorted(self._values, key=lambda value: -self.missing(value)):
            mask = self._open[one]
            for two in self._values:
                if mask & self._bits[two] and self._bits[one] < self._bits[two]:
                    yield one, two

    def busiest(self) -> Iterator[Pair]:
        """Pairs that have not met, of the value that has met the fewest with each of the others; then of the next."""
        for one in sorted(self._values, key=lambda value: -self.missing(value)):
            for two in self._values:
                if self._open[one] & self._bits[two]:
                    yield one, two

    def forget(self, pair: Pair) -> None:
        """Do not look for this one any more."""
        one, two = pair
        self._open[one] &= ~self._bits[two]
        self._open[two] &= ~self._bits[one]

    def gain(self, value: Value, row: int) -> int:
        """How many values of a row this one has not met."""
        return (self._open[value] & row).bit_count()

    def missing(self, value: Value) -> int:
        """How many values it has not met."""
        return self._open[value].bit_count()

    def mask(self, row: Row) -> int:
        """A row as bits."""
        return sum(self._bits[item] for item in row.items())

    def meet(self, row: Row) -> None:
        """Take what a row has for met."""
        mask = self.mask(row)
        for item in row.items():
            self._open[item] &= ~mask


def _start(pairs: _Pairs, extend: Extend) -> Row | None:
    """A row with a pair that has not met and can. Those that cannot are forgotten."""
    for pair in pairs.busiest():
        row = _begun(pair, extend)
        if row is not None:
            return row
        pairs.forget(pair)
    return None


def _begun(pair: Pair, extend: Extend) -> Row | None:
    return extend({}, dict(pair))


def _order(space: Space, pairs: _Pairs, chance: random.Random, first: int) -> list[str]:
    """All factors in random order, behind the first of those that have met the fewest."""
    factors = space.factors
    shuffled = chance.sample(list(factors), len(factors))
    needy = {name: max((pairs.missing((name, value)) for value in factors[name]), default=0) for name in factors}
    begin = sorted(shuffled, key=lambda name: -needy[name])[:first]
    return begin + [name for name in shuffled if name not in begin]


def _row(space: Space, pairs: _Pairs, chance: random.Random, start: Row, order: Iterable[str]) -> Row:
    row = start
    for name in order:
        if name not in row:
            mask = pairs.mask(row)
            values = chance.sample(list(space.factors[name]), len(space.factors[name]))
            values.sort(key=lambda value: (-pairs.gain((name, value), mask), -pairs.missing((name, value))))
            found = (space.extend(row, {name: value}) for value in values)
            row = next((longer for longer in found if longer is not None), row)
    return row
