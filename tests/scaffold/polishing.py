"""Better rows for a covering array that has as many of them as it may: one value after the other is exchanged.

An exchange is taken when more pairs meet for the first time than do not meet any more. Some that gain nothing, and a
few that cost a little, are taken as well: they change the rows until others gain something.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from tests.scaffold.covering import Pair, Row, Space, Value, unmet

__all__ = ["polished", "strongest"]


_COSTLY = {0: 0.1, 1: 0.002}
"""How many of the exchanges are tried that gain nothing, and that lose so many pairs."""


_FORCED = 8
"""In so many rows a pair is tried that does not meet by exchanges."""


def polished(space: Space, rows: Iterable[Row], *, seed: int = 1, rounds: int = 6) -> list[Row]:
    """Rows in which no fewer pairs meet than in the given ones; each round tries every other value of every factor."""
    chance = random.Random(seed)
    array = _Array(space, rows)
    best, fewest = list(array.rows), array.missing
    for _ in range(rounds):
        if not fewest:
            break
        for number in chance.sample(range(len(array.rows)), len(array.rows)):
            for name in chance.sample(list(space.factors), len(space.factors)):
                _exchange(array, number, name, chance)
        for pair in unmet(space, array.rows):
            _force(array, pair, chance)
        if array.missing <= fewest:
            best, fewest = list(array.rows), array.missing
    return best


def strongest(space: Space, rows: Iterable[Row], number: int) -> list[Row]:
    """So many of the rows: those without which the most pairs would not meet."""
    array = _Array(space, rows)
    places = sorted(range(len(array.rows)), key=array.alone, reverse=True)
    return [array.rows[place] for place in sorted(places[:number])]


def _exchange(array: _Array, number: int, name: str, chance: random.Random) -> None:
    row = array.rows[number]
    for value in array.promising(number, name, chance):
        others = {other: kept for other, kept in row.items() if other != name}
        longer = array.space.extend(others, {name: value})
        if longer is not None:
            array.replace(number, longer)
            return


def _force(array: _Array, pair: Pair, chance: random.Random) -> None:
    """Let a pair meet in some row without the values that it does not go with, if no more is lost than gained."""
    one, two = pair
    rows = [number for number, row in enumerate(array.rows) if one in row.items() or two in row.items()]
    before = array.missing
    for number in chance.sample(rows, min(len(rows), _FORCED)):
        old = array.rows[number]
        array.replace(number, _around(array.space, pair, old))
        if array.missing <= before:
            return
        array.replace(number, old)


def _around(space: Space, pair: Pair, row: Row) -> Row:
    """A row with a pair, and as much as possible of another row."""
    found = space.extend({}, dict(pair)) or {}
    for name, value in row.items():
        if name not in found:
            found = space.extend(found, {name: value}) or found
    return found


class _Array:
    """Rows, and for every value the others that it can meet, meets at least once, and at least twice, as bits."""

    def __init__(self, space: Space, rows: Iterable[Row]) -> None:
        self.space = space
        values = [(name, value) for name, values in space.factors.items() for value in values]
        self._bits = {value: 1 << number for number, value in enumerate(values)}
        self.rows = [dict(row) for row in rows]
        self._masks = [self._mask(row) for row in self.rows]
        self._once = dict.fromkeys(values, 0)
        self._twice = dict.fromkeys(values, 0)
        for value in values:
            self._count(value)
        self._can = dict(self._once)
        for one, names in space.apart.items():
            for two in (two for two in values if two[0] in names):
                self._can[one] &= ~self._bits[two]
                self._can[two] &= ~self._bits[one]
        for one, two in unmet(space, self.rows):
            self._can[one] |= self._bits[two]
            self._can[two] |= self._bits[one]

    @property
    def missing(self) -> int:
        """How many pairs could meet, and do not."""
        return sum((can & ~self._once[value]).bit_count() for value, can in self._can.items()) // 2

    def promising(self, number: int, name: str, chance: random.Random) -> Iterator[str]:
        """Other values of a factor that would gain pairs in this row, and lose no more."""
        row = self.rows[number]
        old = row.get(name)
        rest = self._masks[number] & ~(self._bits[name, old] if old else 0)
        loss = (rest & self._can[name, old] & ~self._twice[name, old]).bit_count() if old else 0
        for value in chance.sample(list(self.space.factors[name]), len(self.space.factors[name])):
            gain = (rest & self._can[name, value] & ~self._once[name, value]).bit_count() if value != old else 0
            if value != old and (gain > loss or chance.random() < _COSTLY.get(loss - gain, 0)):
                yield value

    def alone(self, number: int) -> int:
        """How many pairs meet in this row only."""
        mask = self._masks[number]
        return sum((mask & self._can[item] & ~self._twice[item]).bit_count() for item in self.rows[number].items()) // 2

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
