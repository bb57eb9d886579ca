"""What is wrong in a register: which rule of registers says so, where, and what to do."""

from __future__ import annotations

import msgspec

from elysium.model import Severity

__all__ = ["RegisterFinding"]


class RegisterFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One defect of a register. `rule` begins with the register: `risk-`, `decision-` or `change-`."""

    rule: str
    message: str
    hint: str
    file: str
    line: int
    severity: Severity = Severity.ERROR
