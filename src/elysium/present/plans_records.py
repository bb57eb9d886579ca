"""Results about plans as programs read them: `plan verify -o json` and `plan status -o json`.

docs/schemas/ describes these documents; fields are added, never changed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.plans.results import Evidence

__all__ = [
    "ClaimRecord",
    "ContradictionRecord",
    "GroupRecord",
    "ItemRecord",
    "MarkRecord",
    "PartRecord",
    "StatusRecord",
    "StatusSummaryRecord",
    "SummaryRecord",
    "VerifyRecord",
    "status_schema",
    "verify_schema",
]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ItemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An item: `result` is pass, fail or unknown, `state` what follows from it, `claim` the mark that was typed."""

    id: str
    title: str
    phase: str
    section: str
    step: str
    owner: str
    due: str
    role: str
    result: str
    state: str
    reason: str
    evidence: tuple[Evidence, ...]
    claim: str | None
    parents: tuple[str, ...]
    blocked_by: str
    line: int


class MarkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A mark that stands at a heading or below it."""

    mark: str
    words: str
    line: int


class PartRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A phase, section or step with how many of its items are how far."""

    kind: str
    number: str
    key: str
    title: str
    state: str
    done: int
    open: int
    unknown: int
    deferred: int
    blocked_by: str
    line: int
    claims: tuple[MarkRecord, ...]


class SummaryRecord(msgspec.Struct, frozen=True, kw_only=True, rename={"passed": "pass", "failed": "fail"}):
    """How many items there are of each result and of each state."""

    items: int
    passed: int
    failed: int
    unknown: int
    states: dict[str, int]
    overdue: int


class StatusSummaryRecord(SummaryRecord, frozen=True, kw_only=True):
    """The same, with how many contradictions were found, were registered by hand, and are typed marks."""

    contradictions: int
    registered: int
    claims: int


class VerifyRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `elysium plan verify -o json`. `overdue` are ids."""

    version: int
    plan: str
    title: str
    kind: str
    commit: str
    items: tuple[ItemRecord, ...]
    phases: tuple[PartRecord, ...]
    parts: tuple[PartRecord, ...]
    overdue: tuple[str, ...]
    summary: SummaryRecord


class ContradictionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What contradicts what: the lines (one or two), what they say, and whether a person registered it."""

    kind: str
    message: str
    lines: tuple[int, ...]
    quotes: tuple[str, ...]
    registered: bool


class ClaimRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A typed mark that the computed state contradicts."""

    line: int
    about: str
    said: str
    state: str


class GroupRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Items with the same values of what they are grouped `by`; `items` are ids."""

    by: dict[str, str]
    state: str
    items: tuple[str, ...]
    done: int
    open: int
    failed: int
    unknown: int
    deferred: int
    overdue: int
    blocked_by: str


class StatusRecord(VerifyRecord, frozen=True, kw_only=True):
    """The whole answer of `elysium plan status -o json`: that of `plan verify`, and what contradicts."""

    summary: StatusSummaryRecord
    contradictions: tuple[ContradictionRecord, ...]
    claims: tuple[ClaimRecord, ...]
    groups: tuple[GroupRecord, ...]


def verify_schema() -> dict[str, Any]:
    """The JSON Schema of `plan verify`."""
    return _schema(VerifyRecord, "What `elysium plan verify -o json` prints, format 1")


def status_schema() -> dict[str, Any]:
    """The JSON Schema of `plan status`."""
    return _schema(StatusRecord, "What `elysium plan status -o json` prints, format 1")


def _schema(record: type[msgspec.Struct], title: str) -> dict[str, Any]:
    (found,), definitions = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    return {"$schema": _DIALECT, "title": title, **found, "$defs": definitions}
