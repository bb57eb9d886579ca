"""Where each unit stands while a phase is replayed."""

from __future__ import annotations

from enum import StrEnum

from elysium.cluster.protocol import Action, Entries, Entry, Readiness
from elysium.model import ObjectId
from elysium.rehearse.scenario import Part

__all__ = ["Turn", "TurnState"]


class TurnState(StrEnum):
    """What a unit is doing.

    `waiting`: for its parent, a dependency or an object that it reads; `holding`: it is applied, and others wait for
    the units among its objects.
    """

    WAITING = "waiting"
    APPLYING = "applying"
    REFUSED = "refused"
    HOLDING = "holding"
    CHECKING = "checking"
    READY = "ready"
    UNREADY = "unready"


class Turn:
    """One unit in one phase.

    `seen` is the number of moves of the whole that there had been when it was last tried: when others have moved since,
    Flux's next attempt may end otherwise. `ended` are the objects that it no longer has, with what came of them.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self.state = TurnState.WAITING
        self.attempts = 0
        self.seen = -1
        self.result = Entries()
        self.ended: tuple[Entry, ...] = ()
        self.readiness: Readiness | None = None
        self.first: dict[ObjectId, Entry] = {}

    def hear(self, result: Entries) -> None:
        """Remember what an attempt gave, and the first thing that was really done with each object."""
        self.attempts += 1
        self.result = result
        for entry in result.entries:
            if entry.action in (Action.CREATED, Action.CONFIGURED, Action.RECREATED):
                self.first.setdefault(entry.object.id, entry)

    @property
    def refused(self) -> bool:
        """Whether the last attempt put everything on the server."""
        actions = {entry.action for entry in self.result.entries}
        return Action.REJECTED in actions or bool(self.result.failed)

    def entries(self) -> tuple[Entry, ...]:
        """What came of each object in the end: what an earlier attempt had done counts, not that the last one found it
        unchanged.
        """
        return tuple(
            self.first.get(entry.object.id, entry) if entry.action is Action.UNCHANGED else entry
            for entry in self.result.entries
        )
