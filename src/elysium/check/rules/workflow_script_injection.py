"""Text that outsiders write, put into a script.

`${{ }}` is replaced before the shell starts: the title of an issue or the name of a branch becomes part of the program,
and can end one command and begin another. On events that run with secrets (issues, comments, `pull_request_target`)
this gives the secrets away; on `pull_request` and `push` it still runs commands nobody reviewed. An environment
variable is never parsed as a program.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workflow_expressions import expressions, untrusted
from elysium.check.workflow_files import Step, Workflow, about, line_of, workflows
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


def check(context: Context) -> Iterator[Finding]:
    """One finding for each context in each step."""
    for workflow in workflows(context):
        for job in workflow.jobs:
            for step in job.steps:
                yield from _step(context, workflow, step)


def _step(context: Context, workflow: Workflow, step: Step) -> Iterator[Finding]:
    severity = Severity.ERROR if _PRIVILEGED & workflow.triggers.keys() else Severity.WARNING
    field, script = _script(step)
    found = {name: expression for expression in expressions(script) if (name := untrusted(expression))}
    for name in found:
        line = line_of(context, workflow, (*step.path, *field), name)
        message = f"`{name}` is written by others and becomes part of the script"
        hint = f'pass it by `env: VALUE: ${{{{ {name} }}}}` and use "$VALUE" in the script'
        yield about(RULE, workflow, line, message, hint=hint, severity=severity)


def _script(step: Step) -> tuple[tuple[str, ...], str]:
    if step.uses.startswith("actions/github-script@"):
        return ("with", "script"), str(step.inputs.get("script") or "")
    return ("run",), step.run
