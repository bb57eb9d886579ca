"""Text that outsiders write, put into a script.

`${{ }}` is replaced before the shell starts: the title of an issue or the name of a branch becomes part of the program,
and can end one command and begin another. On events that run with secrets (issues, comments, `pull_request_target`)
this gives the secrets away; on `pull_request` and `push` it still runs commands nobody reviewed. An environment
variable is never parsed as a program.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import expressions, untrusted
from elysium.check.files.workflow_files import Step, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-script-injection",
    severity=Severity.ERROR,
    summary="text that outsiders write, put into a script",
    topic=Topic.WORKFLOWS,
    profiles=("default", "security"),
)

_PRIVILEGED = {
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "pull_request_target",
    "workflow_run",
}

_FILLED = {
    "head_ref": ("pull_request",),
    "event.pull_request": ("pull_request",),
    "event.issue": ("issue",),
    "event.comment": ("issue_comment", "commit_comment", "discussion_comment", "pull_request_review_comment"),
    "event.review": ("pull_request_review",),
    "event.discussion": ("discussion",),
    "event.workflow_run": ("workflow_run",),
    "event.head_commit": ("push",),
    "event.commits": ("push",),
}
"""Which events fill a context; by others it is empty."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each context in each step; a job that asks who started it trusts what they wrote."""
    for workflow in workflows(context):
        for job in workflow.jobs:
            for step in () if job.guarded else job.steps:
                yield from _step(context, workflow, step)


def _step(context: Context, workflow: Workflow, step: Step) -> Iterator[Finding]:
    severity = Severity.ERROR if _PRIVILEGED & workflow.triggers.keys() else Severity.WARNING
    field, script = _script(step)
    found = dict.fromkeys(name for expression in expressions(script) if (name := untrusted(expression)))
    for name in found:
        if not _is_set(name, workflow):
            continue
        line = line_of(context, workflow, (*step.path, *field), name)
        message = f"`{name}` is written by others and becomes part of the script"
        hint = f'pass it by `env: VALUE: ${{{{ {name} }}}}` and use "$VALUE" in the script'
        yield about(RULE, workflow, line, message, hint=hint, severity=severity)


def _is_set(name: str, workflow: Workflow) -> bool:
    """Whether an event of the workflow fills the context; a called workflow has the event of its caller."""
    events = next((events for part, events in _FILLED.items() if part in name), None)
    return events is None or any(event.startswith((*events, "workflow_call")) for event in workflow.triggers)


def _script(step: Step) -> tuple[tuple[str, ...], str]:
    if step.uses.startswith("actions/github-script@"):
        return ("with", "script"), str(step.inputs.get("script") or "")
    return ("run",), step.run
