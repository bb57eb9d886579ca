"""The rehearsal of a preview as programs read it: `elysium rehearse preview N -o json`.

docs/schemas/rehearse-preview.json describes the document; fields are added, never changed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.kit.terminal import escaped_json
from elysium.model import ObjectId
from elysium.present.rehearsal_records import ObjectRecord, ServerRecord
from elysium.previews.rehearsal import (
    MissingRule,
    PreviewRehearsal,
    PreviewSummary,
    RehearsedEvent,
    RehearsedStep,
    StepEntry,
)
from elysium.rehearse.types import WorkloadVerdict

__all__ = ["PreviewRehearsalRecord", "preview_json", "preview_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class RuleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that the account's roles lack; `namespace` is empty for the whole cluster, `name` for any name."""

    group: str
    resource: str
    verbs: tuple[str, ...]
    namespace: str
    name: str


class EntryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an object in a step.

    `expected` is false where an object was sent again as it was; `hook` names the events of Helm at which it runs,
    `after` the workloads that it needs and that came before it; `unknown` says why a refusal is none.
    """

    object: ObjectRecord
    action: str
    message: str
    hint: str
    cause: str
    field: str
    missing: tuple[RuleRecord, ...]
    warnings: tuple[str, ...]
    expected: bool
    hook: str
    after: tuple[ObjectRecord, ...]
    unknown: str
    file: str
    line: int


class StepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a workflow: done, refused, failed or skipped. `stood_in`: the platform did it for the account."""

    name: str
    command: str
    state: str
    message: str
    hint: str
    missing: tuple[RuleRecord, ...]
    stood_in: bool
    entries: tuple[EntryRecord, ...]


class PreviewWorkloadRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the controllers made of a workload: ready, refused, unschedulable, unbound, unserved, never-ready."""

    object: ObjectRecord
    state: str
    message: str
    hint: str
    cause: str
    wanted: int
    ready: int
    file: str
    line: int


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and what its workflow did. `drift` are objects that change without a reason, `leftovers` what stays."""

    number: int
    event: str
    tag: str
    passed: bool
    seconds: float
    steps: tuple[StepRecord, ...]
    workloads: tuple[PreviewWorkloadRecord, ...]
    drift: tuple[ObjectRecord, ...]
    leftovers: tuple[ObjectRecord, ...]


class PreviewUnknownRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the rehearsal cannot know; `remedy` is what would make it known."""

    code: str
    message: str
    remedy: str


class PreviewSummaryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over all events: steps refused and failed, workloads in trouble, drift, leftovers, missing rules."""

    events: int
    actions: dict[str, int]
    refused: int
    failed: int
    troubled: int
    drift: int
    leftovers: int
    missing: tuple[RuleRecord, ...]
    seconds: float


class PreviewRehearsalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `elysium rehearse preview N -o json`."""

    version: int
    number: int
    namespace: str
    account: str
    server: ServerRecord
    passed: bool
    platform: StepRecord
    events: tuple[EventRecord, ...]
    unknown: tuple[PreviewUnknownRecord, ...]
    summary: PreviewSummaryRecord


def preview_json(found: PreviewRehearsal) -> str:
    """The document of docs/schemas/rehearse-preview.json."""
    record = PreviewRehearsalRecord(
        version=found.version,
        number=found.number,
        namespace=found.namespace,
        account=found.account,
        server=msgspec.convert(found.server, ServerRecord, from_attributes=True),
        passed=found.passed,
        platform=_step(found.platform),
        events=tuple(map(_event, found.events)),
        unknown=tuple(
            PreviewUnknownRecord(code=item.code, message=item.message, remedy=item.remedy) for item in found.unknown
        ),
        summary=_summary(found.summary),
    )
    return escaped_json(msgspec.json.format(msgspec.json.encode(record), indent=2).decode()) + "\n"


def preview_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    (found,), definitions = msgspec.json.schema_components([PreviewRehearsalRecord], ref_template="#/$defs/{name}")
    title = "What `elysium rehearse preview N -o json` prints, format 1"
    return {"$schema": _DIALECT, "title": title, **found, "$defs": definitions}


def _event(event: RehearsedEvent) -> EventRecord:
    return EventRecord(
        number=event.number,
        event=event.kind.value,
        tag=event.tag,
        passed=event.passed,
        seconds=event.seconds,
        steps=tuple(map(_step, event.steps)),
        workloads=tuple(map(_workload, event.workloads)),
        drift=tuple(_object(entry.object, entry.api_version) for entry in event.drift),
        leftovers=tuple(map(_object, event.leftovers)),
    )


def _step(step: RehearsedStep) -> StepRecord:
    return StepRecord(
        name=step.name,
        command=step.command,
        state=step.state.value,
        message=step.message,
        hint=step.hint,
        missing=tuple(map(_rule, step.missing)),
        stood_in=step.stood_in,
        entries=tuple(map(_entry, step.entries)),
    )


def _entry(entry: StepEntry) -> EntryRecord:
    return EntryRecord(
        object=_object(entry.object, entry.api_version),
        action=entry.action.value,
        message=entry.message,
        hint=entry.hint,
        cause=entry.cause,
        field=entry.field,
        missing=tuple(map(_rule, entry.missing)),
        warnings=entry.warnings,
        expected=entry.expected,
        hook=entry.hook,
        after=tuple(map(_object, entry.after)),
        unknown=entry.unknown,
        file=entry.file,
        line=entry.line,
    )


def _workload(item: WorkloadVerdict) -> PreviewWorkloadRecord:
    return PreviewWorkloadRecord(
        object=_object(item.object),
        state=item.state.value,
        message=item.message,
        hint=item.hint,
        cause=item.cause,
        wanted=item.wanted,
        ready=item.ready,
        file=item.file,
        line=item.line,
    )


def _rule(rule: MissingRule) -> RuleRecord:
    return msgspec.convert(rule, RuleRecord, from_attributes=True)


def _summary(summary: PreviewSummary) -> PreviewSummaryRecord:
    return msgspec.convert(summary, PreviewSummaryRecord, from_attributes=True)


def _object(item: ObjectId, api_version: str = "") -> ObjectRecord:
    return ObjectRecord(
        api_version=api_version, group=item.group, kind=item.kind, namespace=item.namespace, name=item.name
    )
