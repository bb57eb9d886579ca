"""Plans of the example, drafted as `elysium plan new` does, and carried out as `elysium plan apply` does."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from elysium.api import Options, Workspace
from elysium.api.plan_drafting import Wanted, draft_plan
from elysium.api.planning import compare_plan, verify_plan
from elysium.plans.document.parsing import parse
from elysium.plans.effects.impact import ImpactEntry
from elysium.plans.linting import PlanFinding, lint
from elysium.plans.progress.verification import Verification
from elysium.plans.types import Plan
from tests.scaffold.harness import sources

TODAY = datetime.date(2026, 11, 21)


def drafted(root: Path, kind: str, name: str, answers: Mapping[str, str], *, mapped: bool = True) -> Plan:
    """A new plan, read; without `mapped`, the charts of others are not at hand."""
    with Workspace(root, options=Options(sources=sources() if mapped else ())) as workspace:
        text = draft_plan(workspace, Wanted(kind=kind, name=name, options=dict(answers)))
    return parse(text, "PLAN.md")


def verified(root: Path, plan: Plan) -> Verification:
    """The result of every item, offline and without commands."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return verify_plan(workspace, plan)


def contradicted(root: Path, plan: Plan) -> list[ImpactEntry]:
    """Where the declared impact and the real one differ."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        return [entry for entry in compare_plan(workspace, plan) if entry.is_error]


def failures(verification: Verification) -> dict[str, str]:
    """What fails, with the reason."""
    return {item.id: item.reason for item in verification.items if item.result == "fail"}


def linted(plan: Plan, *, strict: bool = True) -> list[PlanFinding]:
    """What is wrong with the document, but for the review that nobody has made yet."""
    return [item for item in lint(plan, strict=strict, today=TODAY) if item.lint != "practice-review"]
