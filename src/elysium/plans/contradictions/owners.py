"""Work without an owner between work that has one: its owner is unknown, never the one before by silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.types import ItemList, Part

__all__ = ["detect"]

_SEVERAL = 2
"""One bold word above a list may be anything; an owner is named again."""


def detect(reading: Reading) -> Iterator[Contradiction]:
    """Lists without an owner below a heading whose other lists have one, where its owner is named again."""
    by_number = {line.number: line for line in reading.lines}
    lists = [_lists(part) for part in reading.plan.all_parts()]
    named = Counter(found.owner for owned, _ in lists for found in owned)
    for owned, bare in lists:
        for found in bare if any(named[one.owner] >= _SEVERAL for one in owned) else ():
            first = by_number.get(found.items[0].line)
            if first is not None:
                yield _ownerless(first, len(found.items), by_number.get(owned[0].line))


def _ownerless(first: Line, count: int, owned: Line | None) -> Contradiction:
    message = f"{count} items have no owner, although the list before has one"
    return between("owners", message, first, owned)


def _lists(part: Part) -> tuple[list[ItemList], list[ItemList]]:
    """The part's lists with an owner, and those without that say nothing else about themselves."""
    lists = [block for block in part.content if isinstance(block, ItemList) and block.items]
    owned = [block for block in lists if block.owner]
    bare = [
        block for block in lists
        if not block.owner and not block.label and not part.owner and not any(item.owner for item in block.items)
    ]  # fmt: skip
    return owned, bare
