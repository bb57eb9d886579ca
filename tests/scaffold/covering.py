"""Covering arrays of strength 2: few rows in which every two values of every two factors meet.

Greedy: each row takes its factors in a random (seeded) order and gives each the value that meets the most values which
it has not met yet. What a row really has may be less than what was wanted (values that exclude each other), so the
caller says what it really has; pairs that never come together are left over, and can be looked at.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["covering"]

Row = dict[str, str]
Pair = tuple[tuple[str, str], tuple[str, str]]

_TRIES = 4


def covering(
    factors: Mapping[str, Sequence[str]],
    real: Callable[[Row], Row],
    begin: Callable[[Row, random.Random], Row] = lambda row, chance: row,
    *,
    seed: int = 1,
    most: int = 60,
) -> tuple[list[Row], list[Pair]]:
    """Rows (at most `most`), and the pairs of values that never met.

    `real` says what a row can really have, `begin` what a row that has to have some values has besides.
    """
    chance = random.Random(seed)
    pairs = _Pairs(factors)
    rows: list[Row] = []
    tries: Counter[Pair] = Counter()
    given_up: list[Pair] = []
    while len(rows) < most and (pair := pairs.some()):
        row = real(_row(factors, pairs, chance, begin(dict(pair), chance)))
        new = pairs.meet(row)
        rows += [row] if new else []
        tries[pair] += 1
        if tries[pair] == _TRIES:
            pairs.forget(pair)
            given_up.append(pair)
    return rows, given_up + list(pairs.all())


class _Pairs:
    """Pairs of values that have not met: by factor and value, for every other factor a mask of its values."""

    def __init__(self, factors: Mapping[str, Sequence[str]]) -> None:
        self.index = {name: {value: number for number, value in enumerate(values)} for name, values in factors.items()}
        self._open = {
            (name, value): {other: (1 << len(factors[other])) - 1 for other in factors if other != name}
            for name, values in factors.items()
            for value in values
        }

    def all(self) -> Iterator[Pair]:
        """Every pair that has not met."""
        names = {name: number for number, name in enumerate(self.index)}
        for (name, value), masks in self._open.items():
            for other, mask in masks.items():
                if mask and names[name] < names[other]:
                    for second, number in self.index[other].items():
                        if mask >> number & 1:
                            yield ((name, value), (other, second))

    def some(self) -> Pair | None:
        """A pair that has not met; None when all have."""
        return next(self.all(), None)

    def forget(self, pair: Pair) -> None:
        """Do not look for this one any more."""
        self.meet(dict(pair))

    def gain(self, name: str, value: str, row: Row) -> int:
        """How many values of a row this one has not met."""
        masks, index = self._open[name, value], self.index
        return sum(masks[other] >> index[other][chosen] & 1 for other, chosen in row.items())

    def meet(self, row: Row) -> int:
        """Take what a row has for met; how much of it was new."""
        new = 0
        names = list(row)
        for position, name in enumerate(names):
            masks = self._open[name, row[name]]
            for other in names[position + 1 :]:
                bit = 1 << self.index[other][row[other]]
                if masks[other] & bit:
                    masks[other] &= ~bit
                    self._open[other, row[other]][name] &= ~(1 << self.index[name][row[name]])
                    new += 1
        return new


def _row(factors: Mapping[str, Sequence[str]], pairs: _Pairs, chance: random.Random, row: Row) -> Row:
    for name in _shuffled([name for name in factors if name not in row], chance):
        values = chance.sample(list(factors[name]), len(factors[name]))
        row[name] = max(values, key=lambda value: pairs.gain(name, value, row))
    return row


def _shuffled(names: list[str], chance: random.Random) -> list[str]:
    chance.shuffle(names)
    return names
