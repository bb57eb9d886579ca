"""Workflows of a repository: generate those that it asks for, and check those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from elysium.api.report import Report
from elysium.api.scaffolding import Request, Scaffold, Scaffolder
from elysium.api.workspace import Workspace
from elysium.check import registry
from elysium.check.rule import Topic
from elysium.ci import Stage, Wanted, stages_of, wanted_workflows
from elysium.errors import UsageError
from elysium.scaffold import Action, Change, RepositoryFacts, read_file

__all__ = ["WorkflowCheck", "check_workflows", "generate_workflows"]

_KIND = "workflow"
_BESIDE = ("undeployed-code",)


class WorkflowCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules about workflows find, what is generated and not up to date, and what is asked for and missing.

    `stages` are those that a repository with images or charts needs, each with what is missing of it.
    """

    report: Report
    stale: tuple[Change, ...]
    missing: tuple[Wanted, ...]
    stages: tuple[Stage, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a workflow is wrong, a risk, or older than what it was generated from."""
        counts = self.report.summary.findings
        return bool(self.stale or counts["error"] or counts["warning"])


def generate_workflows(
    workspace: Workspace, only: Sequence[str] = (), answers: dict[str, Any] | None = None
) -> Scaffold:
    """The workflows that the repository asks for, or the named ones. Raises UsageError when it asks for none."""
    scaffolder = Scaffolder.of(workspace)
    asked = wanted_workflows(workspace.tree.files, scaffolder.facts.url)
    names = tuple(only) or tuple(item.component.partition("/")[2] for item in asked)
    if not names:
        hint = "elysium new --list workflow names what there is"
        raise UsageError("nothing here asks for a workflow", subject=str(workspace.path), hint=hint)
    for name in names:
        known = {item.name for item in scaffolder.library.get(f"{_KIND}/{name}").parameters}
        mine = {key: value for key, value in (answers or {}).items() if key in known}
        scaffolder.add(Request(kind=_KIND, name=name, answers=mine), needs=True)
    return scaffolder.result


def check_workflows(workspace: Workspace) -> WorkflowCheck:
    """Judge every workflow, and hold the generated ones against what would be generated today."""
    rules = tuple(rule.id for rule in registry.rules() if rule.topic is Topic.WORKFLOWS or rule.id in _BESIDE)
    scaffolder = Scaffolder.of(workspace)
    recorded = [item for item in scaffolder.recorded() if item.kind == _KIND]
    for request in recorded:
        scaffolder.add(request, needs=True)
    there = {f"{_KIND}/{item.name}" for item in recorded}
    asked = wanted_workflows(workspace.tree.files, scaffolder.facts.url)
    return WorkflowCheck(
        report=workspace.check(rules=rules),
        stale=tuple(item for item in scaffolder.result.changes if item.action is not Action.KEEP),
        missing=tuple(item for item in asked if item.component not in there),
        stages=_stages(workspace, scaffolder.facts),
    )


def _stages(workspace: Workspace, facts: RepositoryFacts) -> tuple[Stage, ...]:
    if not (facts.images or facts.charts):
        return ()

    def read(path: str) -> str:
        return read_file(workspace.root, path) or ""

    return stages_of(workspace.tree.files, read, images=bool(facts.images), charts=bool(facts.charts))
