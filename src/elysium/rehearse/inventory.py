"""What each unit has put onto the server so far: Flux's inventories, and Helm's releases."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.cluster.protocol import Action, Entries, Entry, Reference
from elysium.model import ObjectId, UnitId
from elysium.rehearse.scenario import Part, Sent

__all__ = ["Inventory", "Kept", "in_sync"]

_THERE = (Action.CREATED, Action.CONFIGURED, Action.UNCHANGED, Action.RECREATED)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit keeps: the part as it was last applied, and its objects. `revision`: of a Helm release, from 1."""

    part: Part
    objects: tuple[Reference, ...]
    revision: int = 1

    def sent(self) -> dict[ObjectId, Sent]:
        """What was sent for each object."""
        return {sent.item.id: sent for sent in self.part.objects}


class Inventory:
    """The units that are on the server with what they keep, and every object that is there because of them."""

    def __init__(self) -> None:
        self.kept: dict[UnitId, Kept] = {}
        self.present: set[ObjectId] = set()

    def note(self, entries: Iterable[Entry]) -> bool:
        """Remember what is there and what is gone; whether anything moved."""
        moved = False
        for entry in entries:
            if entry.action in _THERE:
                moved = moved or entry.action is not Action.UNCHANGED
                self.present.add(entry.object.id)
            elif entry.action is Action.PRUNED:
                moved = True
                self.present.discard(entry.object.id)
        return moved

    def keep(self, part: Part) -> None:
        """Remember what a unit has applied without a refusal; a release that was left alone keeps its revision."""
        before = self.kept.get(part.id)
        revision = 1 if before is None else before.revision + (not part.is_as(before.part))
        objects = tuple(sent.reference for sent in part.lasting)
        self.kept[part.id] = Kept(part=part, objects=objects, revision=revision)

    def stale(self, part: Part) -> tuple[Reference, ...]:
        """What the unit kept and no longer has."""
        before = self.kept.get(part.id)
        if before is None:
            return ()
        now = {sent.item.id for sent in part.objects}
        return tuple(reference for reference in before.objects if reference.id not in now)


def in_sync(part: Part) -> Entries:
    """What comes of a release that helm-controller finds as it left it: nothing is done."""
    return Entries(
        entries=tuple(
            Entry(object=sent.reference, action=Action.UNCHANGED, index=index, step="release")
            for index, sent in enumerate(part.lasting)
        )
    )
