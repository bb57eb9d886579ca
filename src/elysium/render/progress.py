"""The state of one unit while a render is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from elysium.model import Failure, ObjectId, Origin, Unit, UnitId
from elysium.render.inputs import Missing

if TYPE_CHECKING:
    from elysium.render.request import Request

__all__ = ["Supply", "Task", "Unready"]


class Unready(Exception):
    """A unit cannot be built yet, or never: `missing` is what it waits for, `failure` is final."""

    def __init__(
        self, *, missing: tuple[Missing, ...] = (), failure: Failure | None = None, state: str = "failed"
    ) -> None:
        super().__init__(failure.message if failure else "waits")
        self.missing = missing
        self.failure = failure
        self.state = state


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """A chart or a directory that the engine asked for, as it takes it, with the digest of its content."""

    value: Any
    digest: str


class Task:
    """What is known of a unit so far. `body` is the object that defines it, as its parent rendered it."""

    def __init__(self, identity: UnitId, body: dict[str, Any], origin: Origin | None, parent: UnitId | None) -> None:
        self.id = identity
        self.body = body
        self.origin = origin
        self.parent = parent
        self.unit: Unit | None = None
        self.request: Request | None = None
        self.signature = ""
        self.running = False
        self.queued = False
        self.again = False
        self.renders = 0
        self.missing: tuple[Missing, ...] = ()
        self.without: frozenset[ObjectId] = frozenset()
        """Optional references that were waited for in vain."""
        self.supplied: dict[str, Supply] = {}
        """Answers to what the engine needed: dependencies of charts, remote bases."""
        self.uses_capabilities = False
        self.apis: tuple[str, ...] = ()
        self.opaque_variables: dict[str, str] = {}

    def define(self, body: dict[str, Any], origin: Origin | None, parent: UnitId | None) -> None:
        """Another body, or another parent: whatever was built before is built anew."""
        self.body, self.origin, self.parent = body, origin, parent
        self.signature = ""

    @property
    def supplied_content(self) -> tuple[str, ...]:
        """What decides an answer and is named by path only in its question."""
        return tuple(self.supplied[name].digest for name in sorted(self.supplied))

    @property
    def spec(self) -> dict[str, Any]:
        spec = self.body.get("spec")
        return spec if isinstance(spec, dict) else {}
