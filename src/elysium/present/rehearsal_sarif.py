"""A rehearsal as SARIF 2.1.0: what is refused or does not come up, on the lines of the source that made it."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Finding, ObjectReference, Severity
from elysium.present.catalogue import RuleText
from elysium.present.rehearsal_parts import Trouble, troubles, unknowns
from elysium.present.rehearsal_words import UNKNOWN_TITLES, listed
from elysium.present.run import Run
from elysium.present.sarif import note, run_text
from elysium.rehearse.types import Phase, Rehearsal

__all__ = ["document"]

_WARNING = "warning"
_SHOWN = 3
_SUMMARIES = {
    "immutable": "the change is of a field that cannot change",
    "unknown-field": "the kind has no such field",
    "schema": "the value is not of the type that the kind wants",
    "cel": "a rule of the kind's definition objects",
    "policy": "an admission policy objects",
    "pod-security": "the namespace's Pod Security level objects",
    "quota": "the namespace's quota is exhausted",
    "limit-range": "the namespace's LimitRange objects",
    "forbidden": "the account that applies it may not",
    "namespace-missing": "the namespace is not there",
    "kind-missing": "the API server does not know the kind",
    "ownership": "the object belongs to somebody else",
    "conflict": "somebody else holds the field",
    "invalid": "the API server takes the value for invalid",
    "unschedulable": "no node takes the pods",
    "unbound": "no storage class serves the claim",
    "unserved": "no controller serves the ingress",
    "never-ready": "the unit can never become ready",
    "refused": "the API server refuses the pods",
    _WARNING: "the API server warns",
}


def document(rehearsal: Rehearsal, run: Run) -> str:
    """One run: a result for each trouble that the base did not have and for each new warning of the server."""
    findings = [*(_finding(item) for item in troubles(rehearsal) if not item.known), *_warnings(rehearsal)]
    rules = {finding.rule: _rule(finding) for finding in sorted(findings, key=lambda item: item.rule)}
    notes = [
        note(f"{UNKNOWN_TITLES.get(group.code, group.code)}: {listed(item.names, _SHOWN)}: {item.message}", group.code)
        for group in unknowns(rehearsal)
        for item in group.reasons
    ]
    return run_text(findings, rules, notes, run)


def _finding(item: Trouble) -> Finding:
    return Finding(
        rule=f"rehearse/{item.word}",
        severity=Severity.ERROR,
        message=f"{item.object}: {item.message}",
        hint=item.hint,
        object=ObjectReference(
            api_version=item.object.group, kind=item.object.kind, namespace=item.object.namespace, name=item.object.name
        ),
        unit=item.unit,
        file=item.file,
        line=item.line,
    )


def _warnings(rehearsal: Rehearsal) -> Iterator[Finding]:
    before = {(item.object, text) for item in rehearsal.verdicts if item.phase is Phase.BASE for text in item.warnings}
    for item in rehearsal.verdicts:
        for text in item.warnings:
            if item.phase is Phase.HEAD and (item.object, text) not in before:
                yield Finding(
                    rule=f"rehearse/{_WARNING}",
                    severity=Severity.WARNING,
                    message=f"{item.object}: {text}",
                    unit=item.unit,
                    file=item.file,
                    line=item.line,
                )


def _rule(finding: Finding) -> RuleText:
    word = finding.rule.partition("/")[2]
    summary = _SUMMARIES.get(word, "the API server refuses the object")
    return RuleText(id=finding.rule, severity=finding.severity.value, summary=summary, topic="rehearsal")
