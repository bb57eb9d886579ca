"""Results about plans as programs read them. Fields are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from elysium.kit.terminal import escaped_json
from elysium.plans.contradictions import Contradiction
from elysium.plans.contradictions.registered import KIND as REGISTERED
from elysium.plans.effects.impact import ImpactEntry, Standing
from elysium.plans.exporting.documents import item_records
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.linting import PlanFinding
from elysium.plans.progress.verification import PartState, Verification
from elysium.plans.registers import RegisterFinding
from elysium.plans.results import Result
from elysium.plans.types import PartKind, Plan
from elysium.present.plans_groups import Group, groups
from elysium.present.plans_records import (
    ClaimRecord,
    ContradictionRecord,
    GroupRecord,
    ItemRecord,
    PartRecord,
    StatusRecord,
    StatusSummaryRecord,
    SummaryRecord,
    VerifyRecord,
)
from elysium.present.plans_words import counted
from elysium.present.records import FORMAT

__all__ = ["impact_json", "lint_json", "registers_json", "status_json", "verification_json"]


def verification_json(found: Verification) -> str:
    """The document of docs/schemas/plan-verify.json."""
    return _text(VerifyRecord(summary=SummaryRecord(**_counts(found)), **_common(found)))


def status_json(found: Verification, *, by: Sequence[str] = ("phase",), claims: Iterable[Misstated] = ()) -> str:
    """The document of docs/schemas/plan-status.json: the same, with groups and everything that contradicts."""
    known = tuple(ClaimRecord(line=one.line, about=one.about, said=one.said, state=one.state) for one in claims)
    contradictions = tuple(map(_contradiction, found.contradictions))
    registered = sum(one.registered for one in contradictions)
    summary = StatusSummaryRecord(
        contradictions=len(contradictions) - registered, registered=registered, claims=len(known), **_counts(found)
    )
    record = StatusRecord(
        summary=summary,
        contradictions=contradictions,
        claims=known,
        groups=tuple(_group(by, group) for group in groups(found, by)),
        **_common(found),
    )
    return _text(record)


def lint_json(plan: Plan, findings: Sequence[PlanFinding]) -> str:
    """What `elysium plan lint -o json` prints. No check ran, so the result of every item is unknown."""
    items = msgspec.to_builtins(item_records(plan))
    records = [
        {
            "lint": finding.lint,
            "severity": finding.severity.value,
            "message": finding.message,
            "hint": finding.hint,
            "item": finding.item,
            "file": finding.file,
            "line": finding.line,
        }
        for finding in findings
    ]
    summary = {"items": len(items), **_severities(findings)}
    return _text({"version": FORMAT, "findings": records, "items": items, "summary": summary})


def registers_json(findings: Sequence[RegisterFinding]) -> str:
    """Findings about registers, in the words of a lint."""
    records = [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "message": finding.message,
            "hint": finding.hint,
            "file": finding.file,
            "line": finding.line,
        }
        for finding in findings
    ]
    return _text({"version": FORMAT, "findings": records, "summary": _severities(findings)})


def impact_json(entries: Sequence[ImpactEntry], base: str, head: str) -> str:
    """What `elysium plan diff -o json` prints."""
    summary: dict[str, Any] = {
        standing.value: sum(entry.standing is standing for entry in entries) for standing in Standing
    }
    summary["errors"] = sum(entry.is_error for entry in entries)
    records = [msgspec.to_builtins(entry) | {"error": entry.is_error} for entry in entries]
    return _text({"version": FORMAT, "base": base, "head": head, "entries": records, "summary": summary})


def _common(found: Verification) -> dict[str, Any]:
    """The fields that both documents have, but for the summary."""
    return {
        "version": FORMAT,
        "plan": found.plan,
        "title": found.title,
        "kind": found.kind,
        "commit": found.commit,
        "items": tuple(msgspec.convert(item, ItemRecord, from_attributes=True) for item in found.items),
        "phases": tuple(_part(part) for part in found.parts if part.kind is PartKind.PHASE),
        "parts": tuple(_part(part) for part in found.parts if part.kind is not PartKind.PHASE),
        "overdue": found.overdue,
    }


def _part(part: PartState) -> PartRecord:
    return msgspec.convert(part, PartRecord, from_attributes=True)


def _group(by: Sequence[str], group: Group) -> GroupRecord:
    return GroupRecord(
        by=dict(zip(by, group.names, strict=True)),
        state=group.state,
        items=tuple(item.id for item in group.items),
        done=group.done,
        open=group.open,
        failed=group.failed,
        unknown=group.unknown,
        deferred=group.deferred,
        overdue=group.overdue,
        blocked_by=group.blocked_by,
    )


def _counts(found: Verification) -> dict[str, Any]:
    return {
        "items": len(found.items),
        "passed": found.count(Result.PASS),
        "failed": found.count(Result.FAIL),
        "unknown": found.count(Result.UNKNOWN),
        "states": {mark.value: number for mark, number in counted(item.state for item in found.items).items()},
        "overdue": len(found.overdue),
    }


def _contradiction(one: Contradiction) -> ContradictionRecord:
    return ContradictionRecord(
        kind=one.kind,
        message=one.message,
        lines=tuple(number for number in one.places if number),
        quotes=tuple(quote for quote in one.quotes if quote),
        registered=one.kind == REGISTERED,
    )


def _severities(findings: Iterable[PlanFinding | RegisterFinding]) -> dict[str, int]:
    known = [finding.severity.value for finding in findings]
    return {word: known.count(word) for word in ("error", "warning", "info")}


def _text(record: msgspec.Struct | dict[str, Any]) -> str:
    return escaped_json(msgspec.json.format(msgspec.json.encode(record), indent=2).decode()) + "\n"
