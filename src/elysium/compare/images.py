"""Images that a cluster pulls on one side only."""

from __future__ import annotations

from elysium.compare.sides import Known
from elysium.compare.types import Change, ImageChange
from elysium.evaluate import ObjectIndex
from elysium.evaluate.images import used_images
from elysium.model import ObjectId, UnitId

__all__ = ["differing_images"]

_Users = dict[tuple[str, str], set[tuple[ObjectId, UnitId]]]


def differing_images(before: Known, after: Known) -> tuple[ImageChange, ...]:
    """Images with the objects that run them, by cluster and name."""
    old, new = _used(before), _used(after)
    found = []
    for key in sorted(old.keys() ^ new.keys()):
        users, here, there = (new[key], before, after) if key in new else (old[key], after, before)
        gap = all(here.gap(unit, there.units) for _, unit in users)
        change = Change.UNKNOWN if gap else Change.ADDED if key in new else Change.REMOVED
        objects = tuple(sorted({identity for identity, _ in users}))
        found.append(ImageChange(cluster=key[0], image=key[1], change=change, users=objects))
    return tuple(found)


def _used(side: Known) -> _Users:
    found: _Users = {}
    for cluster in sorted({unit.cluster for unit in side.units}):
        units = [unit for unit in side.units.values() if unit.id.cluster == cluster and not side.gap(unit.id, {})]
        for image in used_images(ObjectIndex(units)):
            item = image.workload.item
            found.setdefault((cluster, image.text), set()).add((item.id, item.origin.unit))
    return found
