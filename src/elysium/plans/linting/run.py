"""Lints a plan: every lint that applies, the findings in the order of the document."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from elysium.plans.linting.definition import Defect, Lint
from elysium.plans.linting.finding import PlanFinding
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.registry import LINTS
from elysium.plans.types import Plan

__all__ = ["lint"]


def lint(
    plan: Plan, *, strict: bool = False, today: datetime.date, exists: Callable[[str], bool] | None = None
) -> tuple[PlanFinding, ...]:
    """What is wrong with a plan as a document. No check is run, and nothing but the plan is read.

    `exists` says whether a path of the repository is there, for links; without it, links to files are not judged.
    """
    reading = Reading(plan, today, exists)
    found = [
        _finding(each, defect, plan.path)
        for each in LINTS
        if strict or not each.strict
        for defect in each.find(reading)
    ]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.lint, finding.item)))


def _finding(each: Lint, defect: Defect, path: str) -> PlanFinding:
    return PlanFinding(
        lint=each.name,
        severity=defect.severity or each.severity,
        message=defect.message,
        hint=defect.hint,
        item=defect.item,
        file=path,
        line=defect.line,
    )
