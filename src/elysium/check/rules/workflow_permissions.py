"""A workflow whose token may do more than it needs, because nobody said what it needs.

Without `permissions`, the token of a job has the default rights of the repository, which often include writing
everything; `write-all` says so in so many words. Any action of the job can use the token.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-permissions",
    severity=Severity.WARNING,
    summary="a workflow whose token may do more than it needs",
    topic=Topic.WORKFLOWS,
    profiles=("review", "security"),
)

_HINT = "write `permissions:` with what the jobs need, such as `contents: read`"


def check(context: Context) -> Iterator[Finding]:
    """One finding for a workflow without permissions, and one for each `write-all`."""
    for workflow in workflows(context):
        if workflow.of_github and set(workflow.triggers) != {"workflow_call"}:
            yield from _undeclared(context, workflow)
            yield from _everything(context, workflow)


def _undeclared(context: Context, workflow: Workflow) -> Iterator[Finding]:
    if "permissions" in workflow.body:
        return
    without = [job.name for job in workflow.jobs if "permissions" not in job.body]
    if without:
        jobs = f"job {without[0]} declares" if len(without) == 1 else f"{len(without)} jobs declare"
        line = line_of(context, workflow, ("jobs",))
        yield about(RULE, workflow, line, f"{jobs} no permissions for the token", hint=_HINT)


def _everything(context: Context, workflow: Workflow) -> Iterator[Finding]:
    places = [((), workflow.body), *((job.path, job.body) for job in workflow.jobs)]
    for path, body in places:
        if body.get("permissions") == "write-all":
            line = line_of(context, workflow, (*path, "permissions"))
            yield about(RULE, workflow, line, "the token may write everything (`write-all`)", hint=_HINT)
