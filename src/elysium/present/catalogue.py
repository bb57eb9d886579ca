"""What reports say about the rules that they name."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.check import registry
from elysium.check.pages import page
from elysium.check.suppression import UNUSED
from elysium.model import Finding

__all__ = ["RuleText", "rules_of"]


class RuleText(msgspec.Struct, frozen=True, kw_only=True):
    """A rule for a reader: a line, a paragraph, its whole page in Markdown, and what it is about."""

    id: str
    severity: str
    summary: str
    explanation: str = ""
    page: str = ""
    topic: str = ""


def rules_of(findings: Iterable[Finding]) -> dict[str, RuleText]:
    """The rules that these findings name, by id and sorted; those of the repository itself are described by one."""
    found: dict[str, RuleText] = {}
    for finding in findings:
        if finding.rule not in found:
            found[finding.rule] = _text(finding)
    return dict(sorted(found.items()))


def _text(finding: Finding) -> RuleText:
    if finding.rule == UNUSED.id:
        rule, explanation = UNUSED, UNUSED.summary
    elif finding.rule in registry.PIPELINE:
        loaded = registry.load(finding.rule)
        rule, explanation = loaded.rule, loaded.explanation
    else:
        summary = "a rule of this repository"
        return RuleText(id=finding.rule, severity=finding.severity.value, summary=summary, topic="policy")
    return RuleText(
        id=rule.id,
        severity=rule.severity.value,
        summary=rule.summary,
        explanation=explanation,
        page=page(rule.id),
        topic=rule.topic.value,
    )
