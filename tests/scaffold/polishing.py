"""Better rows for a covering array that has as many of them as it may: one value after the other is exchanged.

An exchange is taken when at least as many pairs meet for the first time as do not meet any more: those that cost
nothing change the rows until another one gains something.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.scaffold.covering import Extend, Row, Value, anything, unmet

__all__ = ["polished", "strongest"]


_IDLE = 0.1
"""How many of the exchanges are tried that gain nothing."""


def polished(
    factors: Mapping[str, Sequence[str]],
    rows: Iterable[Row],
    extend: Extend = anything,
    *,
    seed: int = 1,
    rounds: int = 6,
) -> list[Row]:
    """Rows in which no fewer pairs meet than in the given ones; each round tries every other value of every factor."""
    chance = random.Random(seed)
    array = _Array(factors, rows, extend)
    for _ in range(rounds):
        if not array.missing:
            break
        for number in chance.sample(range(len(array.rows)), len(array.rows)):
            for name in chance.sample(list(factors), len(factors)):
                _exchange(array, number, name, extend, chance)
    return array.rows


def strongest(
    factors: Mapping[str, Sequence[str]], rows: Iterable[Row], number: int, extend: Extend = anything
) -> list[Row]:
    """So many of the rows: those without which the most pairs would not meet."""
    array = _Array(factors, rows, extend)
    places = sorted(range(len(array.rows)), key=array.alone, reverse=True)
    return [array.rows[place] for place in sorted(places[:number])]


def _exchange(array: _Array, number: int, name: str, extend: Extend, chance: random.Random) -> None:
    row = array.rows[number]
    for value in array.promising(number, name, chance):
        others = {other: kept for other, kept in row.items() if other != name}
        longer = extend(others, {name: value})
        if longer is not None:
            array.replace(number, longer)
            return


class _Array:
    """Rows, and for every value the others that it can meet, meets at least once, and at least twice, as bits."""

    def __init__(self, factors: Mapping[str, Sequence[str]], rows: Iterable[Row], extend: Extend) -> None:
        self._factors = factors
        values = [(name, value) for name, values in factors.items() for value in values]
        self._bits = {value: 1 << number for number, value in enumerate(values)}
        self.rows = [dict(row) for row in rows]
        self._masks = [self._mask(row) for row in self.rows]
        self._once = dict.fromkeys(values, 0)
        self._twice = dict.fromkeys(values, 0)
        for value in values:
            self._count(value)
        self._can = dict(self._once)
        for one, two in unmet(factors, self.rows, extend):
            self._can[one] |= self._bits[two]
            self._can[two] |= self._bits[one]

    @property
    def missing(self) -> bool:
        """Whether there are pairs that could meet, and do not."""
        return any(can & ~self._once[value] for value, can in self._can.items())

    def promising(self, number: int, name: str, chance: random.Random) -> Iterator[str]:
        """Other values of a factor that would gain pairs in this row, and lose no more."""
        row = self.rows[number]
        old = row.get(name)
        rest = self._masks[number] & ~(self._bits[name, old] if old else 0)
        loss = (rest & ~self._twice[name, old]).bit_count() if old else 0
        for value in chance.sample(list(self._factors[name]), len(self._factors[name])):
            gain = (rest & self._can[name, value] & ~self._once[name, value]).bit_count() if value != old else 0
            if value != old and (gain > loss or (gain == loss and chance.random() < _IDLE)):
                yield value

    def alone(self, number: int) -> int:
        """How many pairs meet in this row only."""
        mask = self._masks[number]
        return sum((mask & ~self._twice[item]).bit_count() for item in self.rows[number].items()) // 2

    def replace(self, number: int, row: Row) -> None:
        """Another row in the place of one that differs a little."""
        changed = set(self.rows[number].items()) ^ set(row.items())
        self.rows[number], self._masks[number] = row, self._mask(row)
        for value in sorted(changed):
            self._count(value)
            self._mirror(value)

    def _mask(self, row: Row) -> int:
        return sum(self._bits[item] for item in row.items())

    def _count(self, value: Value) -> None:
        once = twice = 0
        bit = self._bits[value]
        for mask in self._masks:
            if mask & bit:
                twice |= once & mask
                once |= mask
        self._once[value], self._twice[value] = once, twice

    def _mirror(self, value: Value) -> None:
        """Tell the others that they meet this one, or do not any more."""
        bit, once, twice = self._bits[value], self._once[value], self._twice[value]
        for other, place in self._bits.items():
            self._once[other] = self._once[other] | bit if once & place else self._once[other] & ~bit
            self._twice[other] = self._twice[other] | bit if twice & place else self._twice[other] & ~bit
