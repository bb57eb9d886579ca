"""A rehearsal as programs read it: `elysium rehearse -o json`.

docs/schemas/rehearse.json describes the document; fields are added, never changed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.kit.terminal import escaped_json
from elysium.model import ObjectId, UnitId
from elysium.rehearse.types import Rehearsal, Summary, Unknown, Verdict, WorkloadVerdict

__all__ = ["RehearsalRecord", "rehearsal_json", "rehearsal_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ObjectRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An object. `apiVersion` is the one that it was sent in, and empty where the object was not sent."""

    api_version: str
    group: str
    kind: str
    namespace: str
    name: str


class UnitReference(msgspec.Struct, frozen=True, kw_only=True):
    """The Kustomization, HelmRelease or ResourceSet that an object belongs to."""

    cluster: str
    kind: str
    namespace: str
    name: str


class ServerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The API server that answered. `declared` is the version of the settings where that is another one."""

    version: str
    controllers: bool
    declared: str


class VerdictRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of an object in a phase (`base`, `head`, `rollback`).

    `action` is created, configured, unchanged, recreated, pruned, orphaned, rejected or skipped. `cause` is one word
    for a refusal, `unknown` why one is none: a value that only the cluster holds takes part in it.
    """

    phase: str
    object: ObjectRecord
    unit: UnitReference
    action: str
    message: str
    hint: str
    warnings: tuple[str, ...]
    file: str
    line: int
    cause: str
    field: str
    attempts: int
    unknown: str


class WorkloadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the controllers made of an accepted object: ready, refused, unschedulable, unbound, unserved, never-ready.

    `unit` is null where nobody knows whose it is; `wanted` and `ready` count Pods.
    """

    phase: str
    object: ObjectRecord
    unit: UnitReference | None
    state: str
    message: str
    hint: str
    cause: str
    wanted: int
    ready: int
    file: str
    line: int


class UnknownRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the rehearsal cannot know; `remedy` is what would make it known."""

    phase: str
    code: str
    message: str
    unit: UnitReference | None
    object: ObjectRecord | None
    remedy: str


class SummaryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Counts. `new` and `unrestored` make the exit code 1; `known` was so in the base already, `fixed` only there.

    `leftovers` are objects that are not as before after the way back, `unrestored` how many of them nobody keeps on
    purpose.
    """

    objects: int
    actions: dict[str, int]
    new: int
    known: int
    fixed: int
    unknown: int
    warnings: int
    leftovers: tuple[str, ...]
    unrestored: int
    seconds: dict[str, float]


class RehearsalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `elysium rehearse -o json`.

    `base` is empty when only one revision was replayed. `assumptions`: what was on the server beside Git.
    """

    version: int
    base: str
    head: str
    server: ServerRecord
    clusters: tuple[str, ...]
    verdicts: tuple[VerdictRecord, ...]
    workloads: tuple[WorkloadRecord, ...]
    unknown: tuple[UnknownRecord, ...]
    assumptions: tuple[str, ...]
    summary: SummaryRecord


def rehearsal_json(rehearsal: Rehearsal) -> str:
    """The document of docs/schemas/rehearse.json."""
    record = RehearsalRecord(
        version=rehearsal.version,
        base=rehearsal.base,
        head=rehearsal.head,
        server=msgspec.convert(rehearsal.server, ServerRecord, from_attributes=True),
        clusters=rehearsal.clusters,
        verdicts=tuple(map(_verdict, rehearsal.verdicts)),
        workloads=tuple(map(_workload, rehearsal.workloads)),
        unknown=tuple(map(_unknown, rehearsal.unknown)),
        assumptions=rehearsal.assumptions,
        summary=_summary(rehearsal.summary),
    )
    return escaped_json(msgspec.json.format(msgspec.json.encode(record), indent=2).decode()) + "\n"


def rehearsal_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    (found,), definitions = msgspec.json.schema_components([RehearsalRecord], ref_template="#/$defs/{name}")
    return {
        "$schema": _DIALECT,
        "title": "What `elysium rehearse -o json` prints, format 1",
        **found,
        "$defs": definitions,
    }


def _verdict(item: Verdict) -> VerdictRecord:
    return VerdictRecord(
        phase=item.phase.value,
        object=_object(item.object, item.api_version),
        unit=_unit(item.unit),
        action=item.action.value,
        message=item.message,
        hint=item.hint,
        warnings=item.warnings,
        file=item.file,
        line=item.line,
        cause=item.cause,
        field=item.field,
        attempts=item.attempts,
        unknown=item.unknown,
    )


def _workload(item: WorkloadVerdict) -> WorkloadRecord:
    return WorkloadRecord(
        phase=item.phase.value,
        object=_object(item.object),
        unit=_unit(item.unit) if item.unit else None,
        state=item.state.value,
        message=item.message,
        hint=item.hint,
        cause=item.cause,
        wanted=item.wanted,
        ready=item.ready,
        file=item.file,
        line=item.line,
    )


def _unknown(item: Unknown) -> UnknownRecord:
    return UnknownRecord(
        phase=item.phase.value,
        code=item.code,
        message=item.message,
        unit=_unit(item.unit) if item.unit else None,
        object=_object(item.object) if item.object else None,
        remedy=item.remedy,
    )


def _summary(summary: Summary) -> SummaryRecord:
    rounded = {name: round(seconds, 3) for name, seconds in summary.seconds.items()}
    return msgspec.convert(msgspec.structs.replace(summary, seconds=rounded), SummaryRecord, from_attributes=True)


def _object(item: ObjectId, api_version: str = "") -> ObjectRecord:
    return ObjectRecord(
        api_version=api_version, group=item.group, kind=item.kind, namespace=item.namespace, name=item.name
    )


def _unit(item: UnitId) -> UnitReference:
    return UnitReference(cluster=item.cluster, kind=item.kind.value, namespace=item.namespace, name=item.name)
