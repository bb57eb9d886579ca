"""Findings grouped by cause: the file to mend, or the rule that many places break in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from elysium.model import Finding, Severity

__all__ = ["Group", "group"]

_MANY = 4


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Findings with one cause, which is a file (with the findings in order of severity and line), or a rule."""

    title: str
    findings: tuple[Finding, ...]
    by_rule: bool = False

    @property
    def hint(self) -> str:
        """What mends all of them; empty when each has its own."""
        hints = {finding.hint for finding in self.findings}
        return next(iter(hints)) if self.by_rule and len(hints) == 1 else ""


def group(findings: Iterable[Finding]) -> list[Group]:
    """Groups in the order of their worst finding. A rule with four and more findings below an error is one cause."""
    listed = list(findings)
    counts = Counter(finding.rule for finding in listed if finding.severity is not Severity.ERROR)
    grouped: dict[tuple[bool, str], list[Finding]] = {}
    for finding in listed:
        by_rule = finding.severity is not Severity.ERROR and counts[finding.rule] >= _MANY
        grouped.setdefault((by_rule, finding.rule if by_rule else finding.file or finding.cluster), []).append(finding)
    return [
        Group(title=title, findings=tuple(members if by_rule else _in_order(members)), by_rule=by_rule)
        for (by_rule, title), members in grouped.items()
    ]


def _in_order(members: Iterable[Finding]) -> list[Finding]:
    return sorted(members, key=lambda item: (item.severity.rank, item.line))
