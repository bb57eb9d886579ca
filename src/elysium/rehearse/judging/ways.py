"""Ways from one waiting unit to the next, and where they lead."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Set

import msgspec

from elysium.model import UnitId

__all__ = ["Way", "Ways", "circles", "path_to"]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """From a unit to one that it waits for, in words; `need`: for an object of the other, not for the other itself."""

    to: UnitId
    text: str
    need: bool = False


Ways = Mapping[UnitId, tuple[Way, ...]]


def path_to(targets: Set[UnitId], start: UnitId, ways: Ways) -> tuple[Way, ...]:
    """The shortest steps from a unit to the nearest of `targets`; none when it is one of them, or leads to none."""
    seen = {start}
    queue: deque[tuple[UnitId, tuple[Way, ...]]] = deque([(start, ())])
    while queue:
        unit, steps = queue.popleft()
        if unit in targets:
            return steps
        for way in sorted(ways.get(unit, ()), key=lambda item: item.to):
            if way.to not in seen:
                seen.add(way.to)
                queue.append((way.to, (*steps, way)))
    return ()


def circles(ways: Ways) -> dict[UnitId, tuple[UnitId, ...]]:
    """The units that a way leads back to, each with all those that it leads to and that lead back to it."""
    ahead = {unit: _reachable(unit, ways) for unit in ways}
    return {
        unit: tuple(sorted(other for other in found if unit in ahead.get(other, ())))
        for unit, found in ahead.items()
        if unit in found
    }


def _reachable(start: UnitId, ways: Ways) -> set[UnitId]:
    """The units that a unit leads to; itself only by a way back."""
    seen: set[UnitId] = set()
    queue = deque([start])
    while queue:
        for way in ways.get(queue.popleft(), ()):
            if way.to not in seen:
                seen.add(way.to)
                queue.append(way.to)
    return seen
