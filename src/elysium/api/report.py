"""The result of a check."""

from __future__ import annotations

import msgspec

from elysium.check import Summary, UnknownKind
from elysium.check.checklists import LineResult
from elysium.model import Assumption, Finding, Severity, Unit

__all__ = ["Comparison", "Report"]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What was left out of a report because it was known: by a baseline, or at the commit from which a change starts.

    `known` findings are still there, `gone` ones are not. `remedy` is what to do about the latter, if anything.
    """

    against: str
    known: int
    gone: int
    remedy: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Findings, the units without their objects, the numbers, the assumptions, what was left out as known, and the
    kinds that no schema is known of.
    """

    revision: str
    findings: tuple[Finding, ...]
    units: tuple[Unit, ...]
    summary: Summary
    assumptions: tuple[Assumption, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    checklist: tuple[LineResult, ...] = ()
    unknown_kinds: tuple[UnknownKind, ...] = ()

    def with_findings(self, findings: tuple[Finding, ...]) -> Report:
        """The same report with only these findings, counted anew."""
        severities = [finding.severity for finding in findings]
        counts = {severity.value: severities.count(severity) for severity in Severity}
        summary = msgspec.structs.replace(self.summary, findings=counts)
        return msgspec.structs.replace(self, findings=findings, summary=summary)
