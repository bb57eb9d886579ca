"""A workflow that changes the cluster and may run twice at the same time.

Two pushes in quick succession start two runs. Without `concurrency` the older one can finish last, so that what is
deployed is not what is newest, and two deployments of one preview race. A group for each pull request or branch makes
them wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_deployments import DEPLOYS, TESTS, deploys_elsewhere, only_tags
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
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


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow, at the first step that deploys."""
    for workflow in workflows(context):
        if not any(event in workflow.triggers for event in _EVENTS) or "concurrency" in workflow.body:
            continue
        if TESTS.search(workflow.path) or only_tags(workflow):
            continue
        for job in workflow.jobs:
            if "concurrency" not in job.body and (found := _deploying(context, workflow, job)):
                yield found
                break


def _deploying(context: Context, workflow: Workflow, job: Job) -> Finding | None:
    for step in job.steps if deploys_elsewhere(job) else ():
        match = DEPLOYS.search(step.run)
        if match:
            command = " ".join(match[0].split())
            line = line_of(context, workflow, (*step.path, "run"), match[0].splitlines()[0])
            message = f"job {job.name} runs `{command}` and no `concurrency` keeps two runs apart"
            hint = "write `concurrency: {group: deploy-${{ github.event.number || github.ref }}}`"
            return about(RULE, workflow, line, message, hint=hint)
    return None
