"""What differs between two renders: frozen data, the same from both sides (`Comparison.mirrored`)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from elysium.compare.categories import Category
from elysium.compare.fields import FieldChange
from elysium.model import ObjectId, RenderedObject, UnitId

__all__ = [
    "Change",
    "Comparison",
    "DependencyChange",
    "Difference",
    "ImageChange",
    "Side",
    "UnitChange",
    "UnknownUnit",
    "in_order",
]


class Change(StrEnum):
    """How an object differs.

    `recreated`: a field changes that the API server lets nobody change; the object has to be deleted and made anew
    (Flux does so with `force`, otherwise it fails). `renamed`: a generated name has another hash. `moved`: the same
    object is made by another unit. `resealed`: only ciphertext differs, which says nothing about what is sealed.
    `unknown`: a unit that makes it on one side has no known result on the other.
    """

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RECREATED = "recreated"
    RENAMED = "renamed"
    MOVED = "moved"
    RESEALED = "resealed"
    UNKNOWN = "unknown"

    @property
    def mirrored(self) -> Change:
        """The same change in the other direction."""
        return _OPPOSITES.get(self, self)


_OPPOSITES = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """An object on one side: the units that make it, and one of their versions; neither where there is none.

    `unknown` says why it is not known whether it is there.
    """

    units: tuple[UnitId, ...] = ()
    item: RenderedObject | None = None
    unknown: str = ""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One object that differs. `object` is its name on the later side if it has one there, `was` an earlier name.

    `immutable` are the paths of the fields because of which it has to be made anew. `owner` made it in the cluster
    (the claims of a StatefulSet), `produces` is the Secret that a controller makes of it.
    """

    cluster: str
    object: ObjectId
    category: Category
    change: Change
    before: Side = Side()
    after: Side = Side()
    fields: tuple[FieldChange, ...] = ()
    immutable: tuple[str, ...] = ()
    was: ObjectId | None = None
    owner: ObjectId | None = None
    produces: ObjectId | None = None

    @property
    def moves(self) -> bool:
        """Whether other units make it, whatever else differs."""
        return bool(self.before.units and self.after.units) and self.before.units != self.after.units

    @property
    def item(self) -> RenderedObject | None:
        """The object as it is later, or as it was."""
        return self.after.item or self.before.item

    @property
    def units(self) -> tuple[UnitId, ...]:
        """The units that make it later, or that made it."""
        return self.after.units or self.before.units

    @property
    def mirrored(self) -> Difference:
        """The same difference in the other direction."""
        return msgspec.structs.replace(
            self,
            object=self.was or self.object,
            was=self.object if self.was else None,
            change=self.change.mirrored,
            before=self.after,
            after=self.before,
            fields=tuple(FieldChange(path=item.path, before=item.after, after=item.before) for item in self.fields),
        )


def in_order(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Differences by cluster and name; what an owner makes has a name of its own, so no two are equal."""
    return tuple(sorted(differences, key=lambda item: (item.cluster, item.object, item.owner is not None)))


class UnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """A unit whose outcome differs; a state is empty where there is no such unit.

    A unit that is not there because what would make it has no result is `unknown`.
    """

    unit: UnitId
    before: str
    after: str
    reason_before: str = ""
    reason: str = ""

    @property
    def mirrored(self) -> UnitChange:
        """The same change in the other direction."""
        return UnitChange(
            unit=self.unit,
            before=self.after,
            after=self.before,
            reason_before=self.reason,
            reason=self.reason_before,
        )


class UnknownUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of which it is not known, on one side or both, what it makes: why. `same`: its definition is unchanged."""

    unit: UnitId
    before: str = ""
    after: str = ""
    same: bool = False


class DependencyChange(msgspec.Struct, frozen=True, kw_only=True):
    """A `dependsOn` that is added, removed or unknown."""

    source: UnitId
    target: UnitId
    change: Change
    unknown: str = ""

    def __str__(self) -> str:
        return f"dependency:{self.source}>{self.target}"


class ImageChange(msgspec.Struct, frozen=True, kw_only=True):
    """An image that a cluster pulls on one side only, as it is written, with the objects that run it."""

    cluster: str
    image: str
    change: Change
    users: tuple[ObjectId, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs, each part in the order of its names. Empty when the two are the same."""

    objects: tuple[Difference, ...] = ()
    units: tuple[UnitChange, ...] = ()
    dependencies: tuple[DependencyChange, ...] = ()
    images: tuple[ImageChange, ...] = ()
    unknown: tuple[UnknownUnit, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs. What is unknown on both sides is no difference."""
        return bool(self.objects or self.units or self.dependencies or self.images)

    @property
    def certain(self) -> bool:
        """Whether everything is known on both sides."""
        return not self.unknown

    @property
    def mirrored(self) -> Comparison:
        """The same comparison with the sides exchanged."""
        return Comparison(
            objects=in_order(item.mirrored for item in self.objects),
            units=tuple(item.mirrored for item in self.units),
            dependencies=tuple(
                msgspec.structs.replace(item, change=item.change.mirrored) for item in self.dependencies
            ),
            images=tuple(msgspec.structs.replace(item, change=item.change.mirrored) for item in self.images),
            unknown=tuple(msgspec.structs.replace(item, before=item.after, after=item.before) for item in self.unknown),
        )
