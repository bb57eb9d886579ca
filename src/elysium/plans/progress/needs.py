"""What items wait for: their parts, and the items that they need.

The result of an item follows from theirs, and theirs from others in turn. Where items need each other in a circle, the
one that is met first does not wait for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from elysium.plans.types import Item, ItemPlace

__all__ = ["settled", "with_needs"]


def with_needs(wanted: Sequence[ItemPlace], places: Sequence[ItemPlace]) -> list[ItemPlace]:
    """These items and, of all the `places`, those that they wait for, in the order of the plan."""
    if len(wanted) == len(places):
        return list(wanted)
    by_id = {place.item.id: place for place in places}
    reached = {place.item.id for place in settled(wanted, by_id)}
    return [place for place in places if place.item.id in reached]


def settled(wanted: Sequence[ItemPlace], known: Mapping[str, ItemPlace] | None = None) -> Iterator[ItemPlace]:
    """Items, each after everything that it waits for, as far as that is `known` (by default: wanted)."""
    by_id = {place.item.id: place for place in wanted} if known is None else known
    begun: set[str] = set()
    for first in wanted:
        waiting = [(first, False)]
        while waiting:
            place, done = waiting.pop()
            if done:
                yield place
            elif place.item.id not in begun:
                begun.add(place.item.id)
                waiting.append((place, True))
                waiting += ((by_id[name], False) for name in _awaited(place.item) if name in by_id)


def _awaited(item: Item) -> Iterator[str]:
    yield from (inner.id for inner in item.items)
    yield from item.needs
