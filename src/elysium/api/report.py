"""The result of a check."""

from __future__ import annotations

import msgspec

from elysium.check import Summary
from elysium.model import Assumption, Finding, Unit

__all__ = ["Report"]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Findings, the units without their objects, the numbers, and what was taken for granted."""

    revision: str
    findings: tuple[Finding, ...]
    units: tuple[Unit, ...]
    summary: Summary
    assumptions: tuple[Assumption, ...] = ()
