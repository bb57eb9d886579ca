"""Which kind of plan a document is, told from its shape: sections and steps, phases, a snapshot, its title."""

from __future__ import annotations

import re

from elysium.plans.types import Part, PartKind, Plan

__all__ = ["kind_of"]

_TEN = frozenset({
    "overview", "requirements", "architecture", "steps", "flux", "tests", "rollback", "documentation", "security",
    "monitoring",
})  # fmt: skip
_ENOUGH_SECTIONS = 5
_ENOUGH_PHASES = 3
_PREVIEWS = re.compile(r"\b(?:preview|pull request|pr-<|per pr|every branch|each branch)", re.IGNORECASE)
_REFACTORING = re.compile(r"\b(?:refactor|restructure|reorgani[sz]e|rename|split|consolidate)", re.IGNORECASE)
_INFRASTRUCTURE = re.compile(r"\b(?:infrastructure|controller|upgrade|operator|storage class|ingress)\b", re.IGNORECASE)


def kind_of(plan: Plan) -> str:
    """The name of the kind; `custom` where no shape is recognised."""
    parts = tuple(plan.all_parts())
    keys = {part.key for part in parts if part.kind is PartKind.SECTION}
    phases = [part for part in parts if part.kind is PartKind.PHASE]
    if len(phases) >= _ENOUGH_PHASES:
        return _phased(plan, phases, keys)
    if len(keys & _TEN) >= _ENOUGH_SECTIONS:
        return _sectioned(plan)
    return "custom"


def _sectioned(plan: Plan) -> str:
    title = plan.title
    if re.search(r"\bdeploy", title, re.IGNORECASE):
        return "deploy-app"
    if _REFACTORING.search(title):
        return "refactoring"
    return "infrastructure" if _INFRASTRUCTURE.search(title) else "deploy-app"


def _phased(plan: Plan, phases: list[Part], keys: set[str]) -> str:
    """Previews are what a title or most phases speak of; adopting a cluster is told by a snapshot or decimal phases."""
    said = len(_PREVIEWS.findall(plan.text))
    if _PREVIEWS.search(plan.title) or said >= len(phases):
        return "preview-environments"
    decimal = any("." in part.number for part in phases)
    return "cluster-adoption" if decimal or keys & {"snapshot", "order", "completion"} else "custom"
