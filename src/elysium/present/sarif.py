"""The result of a check as SARIF 2.1.0 (OASIS), as code hosts and editors read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from elysium import __version__
from elysium.api import Report
from elysium.check.identity import of_finding
from elysium.model import Edit, Finding, Unit, UnitState
from elysium.present.catalogue import RuleText, rules_of
from elysium.present.console import plain
from elysium.present.run import Run

__all__ = ["document", "note", "run_text"]

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "SRCROOT"


def document(report: Report, run: Run) -> str:
    """One run: the rules that found something, a result for each finding, a notification for each unknown unit."""
    notes = [_unknown(unit) for unit in report.units if _is_unknown(unit)]
    return run_text(report.findings, rules_of(report.findings), notes, run)


def run_text(findings: Iterable[Finding], rules: Mapping[str, RuleText], notes: list[dict[str, Any]], run: Run) -> str:
    """The document of one run. `rules` are sorted by id and hold every rule of the findings."""
    numbers = {name: number for number, name in enumerate(rules)}
    record = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "elysium",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": f"The root of {plain(run.subject)}"}}},
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
                "results": [_result(finding, numbers[finding.rule], run) for finding in findings],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"


def _rule(rule: RuleText) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.topic]},
    }
    if rule.explanation:
        record["fullDescription"] = {"text": rule.explanation}
    if rule.page:
        record["help"] = {"text": rule.explanation, "markdown": rule.page}
    return record


def _result(finding: Finding, number: int, run: Run) -> dict[str, Any]:
    message = plain(finding.message) + (f"\n{plain(finding.hint)}" if finding.hint else "")
    record: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": _LEVELS[finding.severity.value],
        "message": {"text": message},
        "locations": [_location(finding, run)],
        "partialFingerprints": {"elysiumFinding/v1": _fingerprint(finding)},
    }
    if finding.folded:
        record["occurrenceCount"] = finding.folded + 1
    if finding.edits:
        record["fixes"] = [_fix(finding, run)]
    return record


def _location(finding: Finding, run: Run) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.file:
        place: dict[str, Any] = {"artifactLocation": _artifact(run.path(finding.file))}
        if finding.line:
            place["region"] = {"startLine": finding.line}
        location["physicalLocation"] = place
    names = [str(name) for name in (finding.unit, finding.object) if name]
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(name), "kind": "resource"} for name in names]
    return location


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(file), "uriBaseId": _ROOT}


def _fix(finding: Finding, run: Run) -> dict[str, Any]:
    by_file: dict[str, list[Edit]] = {}
    for edit in finding.edits:
        by_file.setdefault(edit.file, []).append(edit)
    return {
        "description": {"text": plain(finding.hint or finding.message)},
        "artifactChanges": [
            {"artifactLocation": _artifact(run.path(file)), "replacements": [_replacement(edit) for edit in edits]}
            for file, edits in by_file.items()
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    """Whole lines: from the first column of the first to the first column of the line after the last."""
    end = edit.line + edit.old.count("\n")
    region = {"startLine": edit.line, "startColumn": 1, "endLine": end, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": edit.new}}


def _fingerprint(finding: Finding) -> str:
    """The same while lines move, as in a baseline."""
    same = of_finding(finding)
    text = "\0".join((same.rule, same.object, same.file, same.message))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _is_unknown(unit: Unit) -> bool:
    return unit.state is UnitState.UNKNOWN


def _unknown(unit: Unit) -> dict[str, Any]:
    remedy = unit.failure.need.remedy if unit.failure and unit.failure.need else ""
    text = f"{unit.id} is unknown offline: {unit.reason}" + (f"; {remedy}" if remedy else "")
    return note(text, "unknown-unit")


def note(text: str, identifier: str) -> dict[str, Any]:
    """A notification: something worth knowing that is no result."""
    return {"level": "note", "message": {"text": plain(text)}, "descriptor": {"id": identifier}}
