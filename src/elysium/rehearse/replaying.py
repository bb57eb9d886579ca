"""One phase of a rehearsal: every unit applied as soon as Flux would reach it, tried again while others move.

The order is not computed beforehand: a unit is applied when the object that defines it is there, what it reads is there
and what it depends on is ready, as Flux's controllers do. What is refused is tried again after others have moved, as
Flux does at its retry interval. When nothing moves any more, what is left never becomes ready.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from elysium.cluster.protocol import Action, Entries, Readiness
from elysium.cluster.replay import Replayer
from elysium.errors import ClusterError
from elysium.model import ObjectId, UnitId
from elysium.rehearse import asking
from elysium.rehearse.ending import Ending
from elysium.rehearse.inventory import Inventory, in_sync
from elysium.rehearse.scenario import Part, Scenario
from elysium.rehearse.specification import defining_object
from elysium.rehearse.turns import Turn, TurnState
from elysium.rehearse.types import Step

__all__ = ["Replay"]

_AT_ONCE = 4
_LAST_TRIES = 3
_MOST_ATTEMPTS = 12
_FLUX = (".toolkit.fluxcd.io", "fluxcd.controlplane.io")
_WRITTEN = (Action.CREATED, Action.CONFIGURED, Action.RECREATED)
_LONGEST = 1800.0
_PATIENCE = 300.0  # seconds for one answer: the replay itself gives up after 120
_DONE = (TurnState.READY, TurnState.UNREADY, TurnState.REFUSED)
_APPLIED = (*_DONE, TurnState.HOLDING, TurnState.CHECKING)


class Replay:
    """The replay of one scenario onto what is there already.

    `deferred` is by namespace what appears with it, and stands in no file. `notice` hears of each step.
    """

    def __init__(
        self,
        scenario: Scenario,
        inventory: Inventory,
        replayer: Replayer,
        deferred: Mapping[str, tuple[bytes, ...]],
        notice: Callable[[Step], None],
    ) -> None:
        self.scenario = scenario
        self.turns = {part.id: Turn(part) for part in scenario.parts.values()}
        self.before = dict(inventory.kept)
        self.ending = Ending(scenario, inventory, replayer)
        self._inventory = inventory
        self._replayer = replayer
        self._deferred = dict(deferred)
        self._notice = notice
        self._children: dict[UnitId | None, list[Turn]] = defaultdict(list)
        for turn in self.turns.values():
            self._children[turn.part.unit.parent].append(turn)
        self._definitions = {defining_object(unit) for unit in (*self.turns, *(item.id for item in scenario.failed))}
        self._done: set[UnitId] = set()
        self._moves = 0
        self._under_way = 0
        self._last_tries = _LAST_TRIES

    def run(self) -> None:
        """Replay until nothing moves any more. Raises ClusterError when that takes longer than half an hour."""
        deadline = time.monotonic() + _LONGEST
        while True:
            if time.monotonic() > deadline:
                raise ClusterError(
                    f"it was not replayed within {_LONGEST / 60:g} minutes",
                    subject=str(self.scenario.phase),
                    hint="something holds every unit up, such as finalizers: rehearse one cluster, or a smaller change",
                )
            started = self._start()
            if self._replayer.busy:
                self._hear(*self._replayer.next(_PATIENCE))
            elif not started and not self._try_again():
                return

    # Forward

    def _start(self) -> bool:
        """Start what may start now; whether anything did."""
        started = False
        for turn in self.turns.values():
            if self._under_way >= _AT_ONCE:
                break
            if turn.state is TurnState.WAITING and self._may_start(turn.part):
                self._apply(turn)
                started = True
            elif turn.state is TurnState.HOLDING and self._has_ready_children(turn.part):
                self._check(turn)
                started = True
        return started

    def _may_start(self, part: Part) -> bool:
        # The cheapest first: of thousands of units, most wait most of the time.
        return not any(self.unready(part)) and self.defined(part) and not any(self.missing(part))

    def defined(self, part: Part) -> bool:
        """Whether the object that makes a unit is there in its new form: its parent had its turn."""
        parent = self.turns.get(part.unit.parent) if part.unit.parent else None
        if parent is None or parent.part.id == part.id:
            return True
        return parent.state in _APPLIED and defining_object(part.id) in self._inventory.present

    def missing(self, part: Part) -> Iterator[ObjectId]:
        """What the unit reads and some other unit still has to make."""
        for needed in part.specification.needs:
            maker = self.scenario.makers.get(needed)
            if maker not in (None, part.id) and needed not in self._inventory.present:
                yield needed

    def unready(self, part: Part) -> Iterator[UnitId]:
        """The dependencies that are not ready yet. What is beyond the rehearsal counts as ready."""
        for needed in part.unit.depends_on:
            turn = self.turns.get(needed)
            if turn is None:
                if needed not in self.scenario.beyond:
                    yield needed
            elif needed in part.specification.ready_by_expression:
                if turn.attempts == 0:
                    yield needed
            elif turn.state is not TurnState.READY:
                yield needed

    def _has_ready_children(self, part: Part) -> bool:
        """Whether the units that it makes and waits for are ready: before that, the unit itself cannot be."""
        waited = (turn for turn in self._children.get(part.id, ()) if part.specification.awaits(turn.part.id))
        return all(turn.state is TurnState.READY for turn in waited)

    def _apply(self, turn: Turn) -> None:
        turn.state = TurnState.APPLYING
        turn.seen = self._moves
        kept = self._inventory.kept.get(turn.part.id)
        self._tell("applying", turn)
        if kept is not None and kept.part.specification.release is not None and turn.part.is_as(kept.part):
            self._hear_entries(turn, in_sync(turn.part))
            return
        self._submit(turn, *asking.apply(turn.part, kept))

    def _check(self, turn: Turn) -> None:
        turn.state = TurnState.CHECKING
        turn.seen = self._moves
        self._tell("waiting", turn)
        self._submit(turn, "ready", asking.readiness(turn.part))

    def _submit(self, turn: Turn, method: str, params: dict[str, Any]) -> None:
        self._under_way += 1
        self._replayer.submit(turn, method, params)

    # Answers

    def _hear(self, turn: Turn | None, answer: Any) -> None:
        if answer.error:
            subject = str(turn.part.id) if turn else "report"
            raise ClusterError(answer.error.message, subject=subject, hint=answer.error.hint)
        if turn is None:
            return  # a report was written
        self._under_way -= 1
        if turn.state is TurnState.CHECKING:
            self._hear_readiness(turn, msgspec.json.decode(answer.result, type=Readiness))
        else:
            self._hear_entries(turn, msgspec.json.decode(answer.result, type=Entries))

    def _hear_entries(self, turn: Turn, result: Entries) -> None:
        turn.hear(result)
        moved = self._inventory.note(result.entries)
        self._accompany(result)
        self._stand_for_controllers(turn.part, result)
        if turn.refused:
            turn.state = TurnState.REFUSED
            self._moves += moved
            turn.seen = self._moves
            self._report(turn, ready=False, message=result.failed or "an object is refused")
            self._tell("rejected", turn)
            return
        turn.ended = self.ending.prune_stale(turn.part)
        self._inventory.keep(turn.part)
        self._moves += moved or bool(turn.ended)
        self._tell("applied", turn)
        if turn.part.awaited and asking.readiness(turn.part)["objects"]:
            turn.state = TurnState.HOLDING
        else:
            self._ready(turn)

    def _accompany(self, result: Entries) -> None:
        """Put into new namespaces what is there beside Git."""
        for entry in result.entries:
            name = entry.object.name
            if entry.object.kind == "Namespace" and entry.action is Action.CREATED and name in self._deferred:
                self._create(*self._deferred.pop(name))

    def _stand_for_controllers(self, part: Part, result: Entries) -> None:
        """Say of Flux's objects that are no unit here (sources, alerts, suspended units) that they are ready: their
        controllers do not run, and units that wait for all of their objects wait for these, too.
        """
        for entry in result.entries:
            if (
                entry.object.group.endswith(_FLUX)
                and entry.action in _WRITTEN
                and entry.object.id not in self._definitions
            ):
                params = {"object": entry.object, "ready": True, "message": f"taken as ready with {part.id}"}
                self._replayer.submit(None, "report", params | {"revision": "", "inventory": []})

    def _create(self, *bodies: bytes) -> None:
        self._replayer.call("create", {"objects": [msgspec.Raw(body) for body in bodies]}, Entries)

    def _hear_readiness(self, turn: Turn, readiness: Readiness) -> None:
        turn.readiness = readiness
        if readiness.ready:
            self._ready(turn)
        else:
            turn.state = TurnState.UNREADY
            self._tell("stuck", turn)

    def _ready(self, turn: Turn) -> None:
        turn.state = TurnState.READY
        self._moves += 1
        self._report(turn, ready=True, message="applied")
        self._tell("ready", turn)

    def _report(self, turn: Turn, *, ready: bool, message: str) -> None:
        """Write a unit's status. Nobody waits for that: a unit is tried again only when nothing is under way."""
        if defining_object(turn.part.id) in self._inventory.present:
            params = asking.report(turn.part, ready=ready, message=message, revision=self.scenario.revision)
            self._replayer.submit(None, "report", params)

    # Again

    def _try_again(self) -> bool:
        """Start what others' moves may have freed; when nothing moves, once more after the controllers have settled."""
        again = [turn for turn in self.turns.values() if self._may_go_on(turn) and turn.seen < self._moves]
        if not again and self._last_tries:
            first = self._last_tries == _LAST_TRIES
            again = [turn for turn in self.turns.values() if self._may_go_on(turn) and (first or not turn.refused)]
            self._last_tries -= 1
            if again:
                self._replayer.call("settle", {"quiet": 500, "limit": 5000}, dict)
        for turn in again[:_AT_ONCE]:
            if turn.state is TurnState.REFUSED:
                self._apply(turn)
            else:
                self._check(turn)
        return bool(again)

    def _may_go_on(self, turn: Turn) -> bool:
        return (
            turn.state in (TurnState.UNREADY, TurnState.HOLDING, TurnState.REFUSED) and turn.attempts < _MOST_ATTEMPTS
        )

    def _tell(self, state: str, turn: Turn) -> None:
        counts: dict[str, int] = {}
        for entry in turn.entries():
            counts[entry.action.value] = counts.get(entry.action.value, 0) + 1
        if turn.state in _DONE:
            self._done.add(turn.part.id)
        else:
            self._done.discard(turn.part.id)
        phase, done = self.scenario.phase, len(self._done)
        self._notice(Step(state=state, phase=phase, unit=turn.part.id, counts=counts, done=done, total=len(self.turns)))
