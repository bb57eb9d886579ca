"""How one list of lines became another, in bounded time.

difflib alone takes quadratic time and more where many lines are alike, and a repository may hold anything. So what
both sides have in common at their ends goes first, then lines that occur once on each side divide the rest (as the
patience algorithm does), and difflib only sees what lies between. Where even that costs too much, the stretch counts
as replaced.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

__all__ = ["Hunk", "hunks"]

_EFFORT = 4_000_000
"""About the comparisons that difflib may do for one pair of texts, at worst."""


class Hunk(msgspec.Struct, frozen=True, kw_only=True):
    """`base[start:end]` became `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def hunks(base: Sequence[str], other: Sequence[str]) -> list[Hunk]:
    """What changed from `base` to `other`, in order; between two hunks stands at least one common line."""
    found: list[Hunk] = []
    at_base = at_other = 0
    for start, begin, length in [*_matches(base, other), (len(base), len(other), 0)]:
        if start > at_base or begin > at_other:
            found.append(Hunk(start=at_base, end=start, lines=tuple(other[at_other:begin])))
        at_base, at_other = start + length, begin + length
    return found


def _matches(base: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Stretches that both have: where in the base, where in the other, how long; adjacent ones are joined."""
    start = begin = length = 0
    for at_base, at_other, more in _pieces(base, other):
        if at_base == start + length and at_other == begin + length:
            length += more
            continue
        if length:
            yield start, begin, length
        start, begin, length = at_base, at_other, more
    if length:
        yield start, begin, length


def _pieces(base: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    head = _common(base, other)
    tail = _common(base[head:][::-1], other[head:][::-1])
    inner, outer = base[head : len(base) - tail], other[head : len(other) - tail]
    yield 0, 0, head
    effort = _EFFORT
    at_base = at_other = 0
    for anchor_base, anchor_other in [*_anchors(inner, outer), (len(inner), len(outer))]:
        one, two = inner[at_base:anchor_base], outer[at_other:anchor_other]
        cost = _cost(one, two)
        if one and two and cost <= effort:
            effort -= cost
            for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
                yield head + at_base + block.a, head + at_other + block.b, block.size
        if anchor_base < len(inner):
            yield head + anchor_base, head + anchor_other, 1
        at_base, at_other = anchor_base + 1, anchor_other + 1
    yield len(base) - tail, len(other) - tail, tail


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many lines both begin with."""
    shorter = min(len(one), len(two))
    return next((index for index in range(shorter) if one[index] != two[index]), shorter)


def _anchors(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that occur once on each side, the longest series of them that is in the same order on both."""
    once_base = {line for line, number in Counter(base).items() if number == 1}
    once_other = {line: index for index, line in enumerate(other)}
    repeated = {line for line, number in Counter(other).items() if number > 1}
    pairs = [
        (index, once_other[line])
        for index, line in enumerate(base)
        if line in once_base and line in once_other and line not in repeated
    ]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers rise (patience sorting)."""
    tops: list[int] = []
    top_pairs: list[int] = []
    previous: list[int] = []
    for index, (_, value) in enumerate(pairs):
        pile = bisect.bisect_left(tops, value)
        previous.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            top_pairs.append(index)
        else:
            tops[pile], top_pairs[pile] = value, index
    found: list[tuple[int, int]] = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]


def _cost(one: Sequence[str], two: Sequence[str]) -> int:
    """What difflib may need at worst: each search goes through all equal pairs, and every line may need a search."""
    counts = Counter(two)
    alike = sum(counts[line] for line in one)
    return (len(one) + alike) * min(len(one), len(two), max(alike, 1))
