"""Results about plans as programs read them. Fields are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from elysium.plans.contradictions import Contradiction
from elysium.plans.contradictions.registered import KIND as REGISTERED
from elysium.plans.exporting.documents import item_records
from elysium.plans.exporting.fixing import Misstated
from elysium.plans.impact import ImpactEntry, Standing
from elysium.plans.linting import PlanFinding
from elysium.plans.registers import RegisterFinding
from elysium.plans.results import Result
from elysium.plans.types import PartKind, Plan
from elysium.plans.verification import ItemResult, PartState, Verification
from elysium.present.plans_groups import Group, groups
from elysium.present.plans_words import counted
from elysium.present.records import FORMAT

__all__ = ["impact_json", "lint_json", "registers_json", "status_json", "verification_json"]


def verification_json(found: Verification) -> str:
    """What `elysium plan verify -o json` prints."""
    return _text(_verification(found))


def status_json(found: Verification, *, by: Sequence[str] = ("phase",), claims: Iterable[Misstated] = ()) -> str:
    """What `elysium plan status -o json` prints: the same, with groups and everything that contradicts."""
    known = list(claims)
    record = _verification(found)
    record["summary"] |= {
        "contradictions": sum(one.kind != REGISTERED for one in found.contradictions),
        "registered": sum(one.kind == REGISTERED for one in found.contradictions),
        "claims": len(known),
    }
    record["contradictions"] = [_contradiction(one) for one in found.contradictions]
    record["claims"] = [msgspec.to_builtins(claim) for claim in known]
    record["groups"] = [_group(by, group) for group in groups(found, by)]
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


def _verification(found: Verification) -> dict[str, Any]:
    return {
        "version": FORMAT,
        "plan": found.plan,
        "title": found.title,
        "kind": found.kind,
        "commit": found.commit,
        "items": [_item(item) for item in found.items],
        "phases": [_part(part) for part in found.parts if part.kind is PartKind.PHASE],
        "parts": [_part(part) for part in found.parts if part.kind is not PartKind.PHASE],
        "overdue": list(found.overdue),
        "summary": _summary(found),
    }


def _item(item: ItemResult) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "phase": item.phase,
        "section": item.section,
        "step": item.step,
        "owner": item.owner,
        "due": item.due,
        "role": item.role.value,
        "result": item.result.value,
        "state": item.state.value,
        "reason": item.reason,
        "evidence": msgspec.to_builtins(item.evidence),
        "claim": item.claim.value if item.claim else None,
        "parents": list(item.parents),
        "blocked_by": item.blocked_by,
        "line": item.line,
    }


def _part(part: PartState) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(part)
    return fields


def _group(by: Sequence[str], group: Group) -> dict[str, Any]:
    return {
        "by": dict(zip(by, group.names, strict=True)),
        "state": group.state.value,
        "items": [item.id for item in group.items],
        "done": group.done,
        "open": group.open,
        "failed": group.failed,
        "unknown": group.unknown,
        "deferred": group.deferred,
        "overdue": group.overdue,
        "blocked_by": group.blocked_by,
    }


def _summary(found: Verification) -> dict[str, Any]:
    results = {result.value: found.count(result) for result in Result}
    states = {mark.value: number for mark, number in counted(item.state for item in found.items).items()}
    return {"items": len(found.items), **results, "states": states, "overdue": len(found.overdue)}


def _contradiction(one: Contradiction) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "message": one.message,
        "lines": [number for number in one.places if number],
        "quotes": [quote for quote in one.quotes if quote],
        "registered": one.kind == REGISTERED,
    }


def _severities(findings: Iterable[PlanFinding | RegisterFinding]) -> dict[str, int]:
    known = [finding.severity.value for finding in findings]
    return {word: known.count(word) for word in ("error", "warning", "info")}


def _text(record: Mapping[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"
