"""Two renders side by side: what differs between them, object by object, unit by unit, edge by edge."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.compare.images import differing_images
from elysium.compare.objects import differing_objects
from elysium.compare.sides import Key, Known
from elysium.compare.types import Change, Comparison, DependencyChange, UnitChange, UnknownUnit
from elysium.evaluate import GROUPS
from elysium.model import ObjectId, Render, UnitId

__all__ = ["compare"]


def compare(before: Render, after: Render) -> Comparison:
    """Everything that differs. What a failed or unknown unit makes is `unknown`, never deleted.

    Whether values of Secrets differ cannot be seen: a render that left the API holds tokens in their place, and a token
    on one side is no difference from what it may stand for.
    """
    one, other = Known(before), Known(after)
    units = sorted({*one.units, *other.units})
    return Comparison(
        objects=differing_objects(one, other),
        units=tuple(_unit_changes(units, one, other)),
        dependencies=tuple(_dependencies(units, one, other)),
        images=differing_images(one, other),
        unknown=tuple(_unknown(units, one, other)),
    )


def _unit_changes(units: list[UnitId], before: Known, after: Known) -> Iterator[UnitChange]:
    for unit in units:
        old, reason_before = before.state(unit, after.units)
        new, reason = after.state(unit, before.units)
        if old != new:
            yield UnitChange(unit=unit, before=old, after=new, reason_before=reason_before, reason=reason)


def _dependencies(units: list[UnitId], before: Known, after: Known) -> Iterator[DependencyChange]:
    for unit in units:
        old, new = _needed(unit, before), _needed(unit, after)
        for target in sorted(old ^ new):
            gap = before.gap(unit, after.units) if target in new else after.gap(unit, before.units)
            change = Change.UNKNOWN if gap else Change.ADDED if target in new else Change.REMOVED
            yield DependencyChange(source=unit, target=target, change=change, unknown=gap)


def _needed(unit: UnitId, side: Known) -> frozenset[UnitId]:
    known = side.units.get(unit)
    return frozenset(known.depends_on) if known else frozenset()


def _unknown(units: list[UnitId], before: Known, after: Known) -> Iterator[UnknownUnit]:
    for unit in units:
        old, new = before.gap(unit, after.units), after.gap(unit, before.units)
        if old or new:
            same = _definition(unit, before) == _definition(unit, after) is not None
            yield UnknownUnit(unit=unit, before=old, after=new, same=same)


def _definition(unit: UnitId, side: Known) -> bytes | None:
    """The object that defines a unit, as one side has it."""
    identity = ObjectId(GROUPS[unit.kind], unit.kind.value, unit.namespace, unit.name)
    found = side.objects.get(Key(unit.cluster, identity))
    return found[0].item.raw if found else None
