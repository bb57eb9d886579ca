"""Results as programs read them. docs/schemas/ describes these documents; fields are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from elysium.model import Assumption, Finding, ObjectReference, Unit

__all__ = [
    "FORMAT",
    "AssumptionRecord",
    "CheckRecord",
    "ChecklistRecord",
    "ComparisonRecord",
    "FindingRecord",
    "UnitRecord",
    "UnknownKindRecord",
    "assumption_records",
    "finding_record",
    "unit_records",
]

FORMAT = 1
"""The version of the documents."""


class UnitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of reconciliation and its outcome. `remedy` is what would make an unknown one known; `blocked_by`
    is the unit that keeps Flux from applying it."""

    cluster: str
    kind: str
    namespace: str
    name: str
    state: str
    reason: str
    hint: str = ""
    remedy: str = ""
    caused_by: str = ""
    blocked_by: str = ""
    path: str = ""
    chart: str = ""
    file: str = ""
    line: int = 0


class FindingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A finding. `object` is null where none is concerned; `folded` counts further places with the same cause."""

    rule: str
    severity: str
    message: str
    hint: str
    object: ObjectReference | None
    file: str
    line: int
    cluster: str
    unit: str
    folded: int


class AssumptionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was taken for granted where only the cluster or the network knows; `unit` is empty for all."""

    code: str
    message: str
    unit: str


class ComparisonRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that are not listed: those that `against` knows already. `gone` are no longer found."""

    against: str
    known: int
    gone: int


class UnknownKindRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A kind that no schema is known of: how many objects, one of them with its place, and what would make it known."""

    api_version: str
    kind: str
    objects: int
    reason: str
    example: ObjectReference
    file: str
    line: int
    unit: str
    remedy: str


class ChecklistRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the profile's checklist: `pass`, `found` or `unknown`, about which objects, and why it is unknown."""

    title: str
    state: str
    findings: int
    objects: list[str]
    reason: str


class CheckRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `elysium check -o json`."""

    version: int
    revision: str
    findings: list[FindingRecord]
    units: list[UnitRecord]
    summary: Any
    assumptions: list[AssumptionRecord]
    comparisons: list[ComparisonRecord] = []
    checklist: list[ChecklistRecord] = []
    unknown_kinds: list[UnknownKindRecord] = []


def assumption_records(assumptions: Iterable[Assumption]) -> list[AssumptionRecord]:
    """Assumptions in their order."""
    return [AssumptionRecord(code=item.code, message=item.message, unit=item.unit) for item in assumptions]


def unit_records(units: Iterable[Unit]) -> list[UnitRecord]:
    """Units without their objects."""
    return [_unit_record(unit) for unit in units]


def finding_record(finding: Finding) -> FindingRecord:
    """A finding with its places as text."""
    return FindingRecord(
        rule=finding.rule,
        severity=finding.severity.value,
        message=finding.message,
        hint=finding.hint,
        object=finding.object,
        file=finding.file,
        line=finding.line,
        cluster=finding.cluster,
        unit=str(finding.unit) if finding.unit else "",
        folded=finding.folded,
    )


def _unit_record(unit: Unit) -> UnitRecord:
    failure = unit.failure
    position = unit.defined_by.position if unit.defined_by else None
    return UnitRecord(
        cluster=unit.id.cluster,
        kind=unit.id.kind.value,
        namespace=unit.id.namespace,
        name=unit.id.name,
        state=unit.state.value,
        reason=unit.reason,
        hint=failure.hint if failure else "",
        remedy=failure.need.remedy if failure and failure.need else "",
        caused_by=str(failure.cause) if failure and failure.cause else "",
        blocked_by=str(unit.blocked_by) if unit.blocked_by else "",
        path=unit.path,
        chart=unit.chart,
        file=position.file if position else "",
        line=position.line if position else 0,
    )
