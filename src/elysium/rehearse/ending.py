"""What happens to objects, and to whole units, that a revision no longer has."""

from __future__ import annotations

from collections.abc import Iterable

from elysium.cluster.protocol import Action, Entries, Entry, Reference
from elysium.cluster.replay import Replayer
from elysium.model import UnitId, UnitKind
from elysium.rehearse import asking
from elysium.rehearse.inventory import Inventory, Kept
from elysium.rehearse.scenario import Part, Scenario
from elysium.rehearse.specification import defining_object

__all__ = ["Ending"]


class Ending:
    """Garbage collection as Flux does it: a unit prunes what left it, and takes its inventory with it when it goes.

    `retired` are the units that went, with what came of their objects.
    """

    def __init__(self, scenario: Scenario, inventory: Inventory, replayer: Replayer) -> None:
        self.retired: dict[UnitId, tuple[Kept, tuple[Entry, ...]]] = {}
        self._scenario = scenario
        self._inventory = inventory
        self._replayer = replayer

    def prune_stale(self, part: Part) -> tuple[Entry, ...]:
        """Prune what a unit has applied before and no longer has; units among them go with all that they keep."""
        stale = self._inventory.stale(part)
        if not stale or part.id.kind is UnitKind.HELM_RELEASE:  # the release itself deletes what left it
            return ()
        if not part.specification.prune:
            return _orphaned(stale, "spec.prune is false")
        return self._prune(part, stale)

    def _prune(self, part: Part, objects: Iterable[Reference]) -> tuple[Entry, ...]:
        result = self._replayer.call("prune", asking.prune(part, objects), Entries)
        self._inventory.note(result.entries)
        gone = {entry.object.id for entry in result.entries if entry.action is Action.PRUNED}
        for identity in [unit for unit in self._inventory.kept if defining_object(unit) in gone]:
            stays = identity in self._scenario.parts or identity in self._scenario.beyond
            if not stays and identity in self._inventory.kept:  # another that went may have taken it along
                self._retire(identity)
        return result.entries

    def _retire(self, identity: UnitId) -> None:
        """A unit that is deleted runs its finalizer: it deletes what it keeps, unless it has to leave it."""
        kept = self._inventory.kept.pop(identity)
        part = kept.part
        if identity.kind is UnitKind.HELM_RELEASE:
            result = self._replayer.call("uninstall", asking.uninstall(kept), Entries)
            self._inventory.note(result.entries)
            entries = result.entries
        elif part.specification.orphan:
            entries = _orphaned(kept.objects, "spec.deletionPolicy leaves them")
        else:
            entries = self._prune(part, reversed(kept.objects))
        self.retired[identity] = (kept, entries)


def _orphaned(objects: Iterable[Reference], why: str) -> tuple[Entry, ...]:
    return tuple(Entry(object=item, action=Action.ORPHANED, message=why) for item in objects)
