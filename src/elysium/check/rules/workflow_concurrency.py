"""A workflow that changes the cluster and may run twice at the same time.

Two pushes in quick succession start two runs. Without `concurrency` the older one can finish last, so that what is
deployed is not what is newest, and two deployments of one preview race. A group for each pull request or branch makes
them wait for each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-concurrency",
    severity=Severity.WARNING,
    summary="a workflow that changes the cluster and may run twice at the same time",
    topic=Topic.WORKFLOWS,
    profiles=("review",),
)

_EVENTS = ("push", "pull_request", "pull_request_target", "workflow_run")
_DEPLOYS = re.compile(
    r"\bkubectl\s+(?:[-\w=]+\s+)*(?:apply|delete|create\s+namespace|rollout\s+restart|set\s+image|patch)\b(?![^\n]*--dry-run)"
    r"|\bhelm\s+(?:upgrade|install|uninstall)\b(?![^\n]*--dry-run)|\bfission\s+spec\s+apply\b"
    r"|\bcoder\s+templates?\s+push\b|\bflux\s+(?:push|bootstrap)\b"
)

_TESTS = re.compile(r"(?i)e2e|test|conform|integration|\bkind\b|\bci\b|smoke")
_LOCAL = re.compile(r"(?i)\bkind\b|k3d|minikube|microk8s|k3s")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow, at the first step that deploys."""
    for workflow in workflows(context):
        if not any(event in workflow.triggers for event in _EVENTS) or "concurrency" in workflow.body:
            continue
        if _TESTS.search(workflow.path) or _only_tags(workflow):
            continue
        for job in workflow.jobs:
            if "concurrency" not in job.body and (found := _deploying(context, workflow, job)):
                yield found
                break


def _only_tags(workflow: Workflow) -> bool:
    """Whether it starts by tags alone: each is its own release."""
    filters = mapping(workflow.triggers.get("push"))
    return "tags" in filters and "branches" not in filters and not {*_EVENTS[1:]} & workflow.triggers.keys()


def _deploying(context: Context, workflow: Workflow, job: Job) -> Finding | None:
    local = _TESTS.search(job.name) or any(_LOCAL.search(f"{step.uses}\n{step.run}") for step in job.steps)
    for step in job.steps if not local else ():
        match = _DEPLOYS.search(step.run)
        if match:
            command = " ".join(match[0].split())
            line = line_of(context, workflow, (*step.path, "run"), match[0].splitlines()[0])
            message = f"job {job.name} runs `{command}` and no `concurrency` keeps two runs apart"
            hint = "write `concurrency: {group: deploy-${{ github.event.number || github.ref }}}`"
            return about(RULE, workflow, line, message, hint=hint)
    return None
