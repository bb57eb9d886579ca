"""A job that nothing ends.

A job that hangs, for a cluster that never becomes ready or a question that nobody answers, runs for six hours before
GitHub ends it: it costs minutes, keeps a self-hosted runner from everybody else, and holds up what waits for it.

Source: GitHub documentation, "Workflow syntax for GitHub Actions", `jobs.<job_id>.timeout-minutes` (360 by default).
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-timeout",
    severity=Severity.INFO,
    summary="a job of a workflow that may hang for six hours",
    topic=Topic.WORKFLOWS,
    profiles=(),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow, at its first such job; a workflow that is called sets its own limits."""
    for workflow in workflows(context):
        endless = [job for job in workflow.jobs if job.steps and "timeout-minutes" not in job.body]
        if endless:
            more = f" and {len(endless) - 1} more" if len(endless) > 1 else ""
            message = f"job {endless[0].name}{more}: nothing ends a run that hangs, for six hours"
            hint = "write `timeout-minutes`, some times what it usually takes"
            yield about(RULE, workflow, line_of(context, workflow, endless[0].path), message, hint=hint)
