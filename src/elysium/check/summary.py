"""A check in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sized

import msgspec

from elysium.model import Finding, Render, Severity, Unit, UnitState

__all__ = ["Summary", "summarise"]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How much there was, and what came out. `units` by state, `findings` by severity; every key is always there.
    `unknown_kinds` are those without a schema.
    """

    clusters: int
    objects: int
    units: dict[str, int]
    findings: dict[str, int]
    flux: str = ""
    kubernetes: str = ""
    unknown_kinds: int = 0

    def fails(self, fail_on: str) -> bool:
        """Whether this is a failed check: `fail_on` is error, warning or unknown, each beside errors."""
        if self.findings["error"]:
            return True
        if fail_on == "unknown":
            return bool(self.units["unknown"] or self.unknown_kinds)
        return bool(fail_on == "warning" and self.findings["warning"])


def summarise(render: Render, findings: Iterable[Finding], kinds: Sized = ()) -> Summary:
    """Count units, objects, findings and the kinds without a schema."""
    severities = [finding.severity for finding in findings]
    return Summary(
        clusters=len(render.clusters),
        objects=sum(len(unit.objects) for unit in render.units),
        units=count_states(render.units),
        findings={severity.value: severities.count(severity) for severity in Severity},
        flux=render.flux,
        kubernetes=render.kubernetes,
        unknown_kinds=len(kinds),
    )


def count_states(units: Iterable[Unit]) -> dict[str, int]:
    """How many units are in each state."""
    states = [unit.state for unit in units]
    return {state.value: states.count(state) for state in UnitState}
