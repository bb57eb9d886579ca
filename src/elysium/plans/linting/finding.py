"""What a lint finds in a plan."""

from __future__ import annotations

import msgspec

from elysium.model import Severity

__all__ = ["PlanFinding"]


class PlanFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One defect of the document: which lint found it, where, and what to do. Results of checks are no findings.

    `item` is the id of the item concerned, if it is one; `hint` is the next step.
    """

    lint: str
    severity: Severity
    message: str
    hint: str = ""
    item: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else f"line {self.line}: " if self.line else ""
        return f"{place}{self.message} [{self.lint}]"
