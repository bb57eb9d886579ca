"""What verifying a plan gives: every item with its result and its evidence, every part with its computed state."""

from __future__ import annotations

import msgspec

from elysium.plans.contradictions.types import Contradiction
from elysium.plans.results import Evidence, Result
from elysium.plans.types import Claim, Mark, PartKind, Role

__all__ = ["ItemResult", "PartState", "Verification"]


class ItemResult(msgspec.Struct, frozen=True, kw_only=True):
    """One item: its result with reason and evidence, its computed state, and what somebody claims."""

    id: str
    title: str
    phase: str = ""
    section: str = ""
    step: str = ""
    owner: str = ""
    due: str = ""
    role: Role = Role.TASK
    result: Result = Result.UNKNOWN
    state: Mark = Mark.UNKNOWN
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    line: int = 0
    claim: Mark | None = None
    parents: tuple[str, ...] = ()
    blocked_by: str = ""


class PartState(msgspec.Struct, frozen=True, kw_only=True):
    """A phase, section or step with its computed state and how many of its items are how far."""

    kind: PartKind
    number: str = ""
    key: str = ""
    title: str = ""
    state: Mark = Mark.UNKNOWN
    done: int = 0
    open: int = 0
    unknown: int = 0
    deferred: int = 0
    blocked_by: str = ""
    line: int = 0
    claims: tuple[Claim, ...] = ()
    overdue: tuple[str, ...] = ()


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a plan gave. `overdue` are ids of items that are not complete after their day."""

    plan: str
    title: str
    kind: str
    commit: str
    items: tuple[ItemResult, ...]
    parts: tuple[PartState, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    overdue: tuple[str, ...] = ()

    def count(self, result: Result) -> int:
        """How many items have a result."""
        return sum(item.result is result for item in self.items)
