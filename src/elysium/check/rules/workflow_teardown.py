"""Preview environments that no workflow takes down.

A workflow that deploys for each pull request leaves one environment behind for each, unless something handles the
event `closed`, which GitHub sends for merged and for abandoned pull requests alike and which `pull_request` does not
include by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Step, Workflow, about, line_of, names, workflows
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-teardown",
    severity=Severity.WARNING,
    summary="preview environments that no workflow takes down",
    topic=Topic.WORKFLOWS,
    profiles=("review",),
)

_EVENTS = ("pull_request", "pull_request_target")
_NUMBER = re.compile(r"github\.event\.(?:number|pull_request\.number)|\bPR_NUMBER\b|\bpr-\$\{?")
_DEPLOYS = re.compile(r"\bhelm\s+(?:upgrade|install)\b|\bkubectl\s+[^\n]*\b(?:apply|create)\b(?![^\n]*--dry-run)")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow that deploys previews, where nothing handles `closed`."""
    known = workflows(context)
    if any(_handles_closed(workflow) for workflow in known):
        return
    for workflow in known:
        if not any(event in workflow.triggers for event in _EVENTS) or not _NUMBER.search(workflow.text):
            continue
        steps = (step for job in workflow.jobs for step in job.steps)
        deploying = next((step for step in steps if _deploys(step)), None)
        if deploying is not None:
            line = line_of(context, workflow, (*deploying.path, "run"))
            message = "previews are deployed here, and no workflow handles the event `closed` to take them down"
            hint = "add a workflow `on: pull_request: types: [closed]` that deletes the namespace"
            yield about(RULE, workflow, line, message, hint=hint)


def _handles_closed(workflow: Workflow) -> bool:
    if {"schedule", "delete"} & workflow.triggers.keys() and "namespace" in workflow.text:
        return True
    return any("closed" in names(mapping(workflow.triggers.get(event)).get("types")) for event in _EVENTS)


def _deploys(step: Step) -> bool:
    return bool(_DEPLOYS.search(step.run))
