"""Which objects differ, and how."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.compare.categories import Category, category_of
from elysium.compare.claims import claims_of
from elysium.compare.fields import FieldChange, differences
from elysium.compare.immutable import immutable_fields
from elysium.compare.sides import Key, Known, Placed
from elysium.compare.types import Change, Difference, Side, in_order
from elysium.compare.volatile import is_hidden, is_resealed, with_renames, without_revisions
from elysium.model import ObjectId, RenderedObject, UnitId
from elysium.sealing import produced_secret

__all__ = ["differing_objects"]


def differing_objects(before: Known, after: Known) -> tuple[Difference, ...]:
    """Every object that is not the same on both sides, with the claims that StatefulSets make of theirs."""
    found = []
    for key in {*before.objects, *after.objects}:
        difference = _difference(key, before, after)
        if difference is not None:
            found.append(difference)
    return in_order((*with_renames(found), *_claims(before, after, found)))


def _difference(key: Key, before: Known, after: Known) -> Difference | None:
    old, new = before.objects.get(key, []), after.objects.get(key, [])
    one, other = _versions(old, new)
    sides = _sides(old, new, before, after)
    sides = (msgspec.structs.replace(sides[0], item=one), msgspec.structs.replace(sides[1], item=other))
    fields = _fields(one, other)
    change = _change(key.object, sides, fields)
    if change is None:
        return None
    fixed = immutable_fields(key.object, fields, one.body(), other.body()) if fields and one and other else ()
    return Difference(
        cluster=key.cluster,
        object=key.object,
        category=category_of(key.object.group, key.object.kind),
        change=Change.RECREATED if fixed else change,
        before=sides[0],
        after=sides[1],
        fields=fields,
        immutable=fixed,
        produces=_produced(other or one),
    )


def _versions(old: list[Placed], new: list[Placed]) -> tuple[RenderedObject | None, RenderedObject | None]:
    """The versions to compare: those of a unit that makes the object on both sides, else the first of each."""
    earlier, later = dict(reversed(old)), dict(reversed(new))
    for unit in sorted(earlier.keys() & later.keys()):
        return earlier[unit], later[unit]
    return (old[0].item if old else None), (new[0].item if new else None)


def _sides(old: list[Placed], new: list[Placed], before: Known, after: Known) -> tuple[Side, Side]:
    """Where the object is made, and, where it is not, whether that is known."""
    one, other = _units(old), _units(new)
    return (
        Side(units=one, unknown="" if one else _gaps(other, before, after)),
        Side(units=other, unknown="" if other else _gaps(one, after, before)),
    )


def _units(placed: list[Placed]) -> tuple[UnitId, ...]:
    return tuple(sorted({item.unit for item in placed}))


def _gaps(makers: tuple[UnitId, ...], here: Known, there: Known) -> str:
    found = [f"{unit} is {gap}" for unit in makers if (gap := here.gap(unit, there.units))]
    return "; ".join(found)


def _fields(before: RenderedObject | None, after: RenderedObject | None) -> tuple[FieldChange, ...]:
    if before is None or after is None or before.raw == after.raw:
        return ()
    found = (item for item in differences(before.body(), after.body()) if not is_hidden(item))
    return without_revisions(sorted(found, key=lambda item: item.path))


def _change(identity: ObjectId, sides: tuple[Side, Side], fields: tuple[FieldChange, ...]) -> Change | None:
    before, after = sides
    if before.unknown or after.unknown:
        return Change.UNKNOWN
    if before.item is None or after.item is None:
        return Change.ADDED if before.item is None else Change.REMOVED
    if fields:
        return Change.RESEALED if is_resealed(identity, fields) else Change.CHANGED
    return Change.MOVED if before.units != after.units else None


def _produced(item: RenderedObject | None) -> ObjectId | None:
    if item is None or category_of(item.id.group, item.kind) is not Category.SECRET or not item.id.group:
        return None
    secret = produced_secret(item.id.group, item.kind, item.body())
    return ObjectId("", "Secret", secret.namespace, secret.name) if secret else None


def _claims(before: Known, after: Known, found: list[Difference]) -> Iterator[Difference]:
    """Claims that come or go with the StatefulSets that differ. Those that exist never follow their template."""
    for owner in found:
        old = dict(claims_of(owner.before.item)) if owner.before.item else {}
        new = dict(claims_of(owner.after.item)) if owner.after.item else {}
        for identity in old.keys() ^ new.keys():
            key = Key(owner.cluster, identity)
            if key not in before.objects and key not in after.objects:
                yield _claim(owner, identity, old.get(identity), new.get(identity))


def _claim(
    owner: Difference, identity: ObjectId, before: RenderedObject | None, after: RenderedObject | None
) -> Difference:
    unknown = owner.change is Change.UNKNOWN
    coming = Change.ADDED if before is None else Change.REMOVED
    return Difference(
        cluster=owner.cluster,
        object=identity,
        category=Category.VOLUME,
        change=Change.UNKNOWN if unknown else coming,
        before=_claim_side(owner.before, before),
        after=_claim_side(owner.after, after),
        owner=owner.object,
    )


def _claim_side(owner: Side, item: RenderedObject | None) -> Side:
    return Side(units=owner.units if item else (), item=item, unknown="" if item else owner.unknown)
