"""A deployment to production that nobody approves.

A job with an `environment` waits for the people whom the settings of that environment name, may run for some branches
only, and is the only one that gets its secrets. Without it every push that starts the workflow is in production a few
minutes later, with credentials that every other job could have used, too.

Source: GitHub documentation, "Managing environments for deployment", section "Deployment protection rules".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_deployments import DEPLOYS, deploys_elsewhere, only_tags
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-approval",
    severity=Severity.WARNING,
    summary="a deployment to production without an environment, so that nobody approves it",
    topic=Topic.WORKFLOWS,
    profiles=("review",),
)

_PRODUCTION = re.compile(r"(?i)(?<![a-z])(?:prod|production)(?![a-z])")
_AUTOMATIC = {"push", "workflow_run", "schedule"}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each job that deploys to production by itself. A tag or a button is a decision of somebody."""
    for workflow in workflows(context):
        if workflow.of_github and _AUTOMATIC & workflow.triggers.keys() and not only_tags(workflow):
            for job in workflow.jobs:
                if "environment" not in job.body and deploys_elsewhere(job):
                    yield from _deploying(context, workflow, job)


def _deploying(context: Context, workflow: Workflow, job: Job) -> Iterator[Finding]:
    named = _PRODUCTION.search(f"{job.name} {job.body.get('name')}")
    for step in job.steps:
        for match in DEPLOYS.finditer(step.run):
            start, end = step.run.rfind("\n", 0, match.start()) + 1, step.run.find("\n", match.end())
            command = step.run[start : end if end >= 0 else None]
            if named or _PRODUCTION.search(command):
                line = line_of(context, workflow, (*step.path, "run"), match[0].splitlines()[0])
                message = f"job {job.name} deploys to production, and no `environment` lets somebody approve it"
                hint = "write `environment: production`, and name required reviewers in the settings of the repository"
                yield about(RULE, workflow, line, message, hint=hint)
                return
