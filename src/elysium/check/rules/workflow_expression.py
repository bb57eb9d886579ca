"""An expression of a workflow that names a step or a job which is not there.

GitHub evaluates what it does not know to an empty text and goes on: a condition is then never true, an output empty.
`needs` knows only the jobs that the job itself lists under `needs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import expressions, strings
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, names, workflows
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-expression",
    severity=Severity.WARNING,
    summary="an expression of a workflow that names a step or a job which is not there",
    topic=Topic.WORKFLOWS,
    profiles=("default", "pre-commit"),
)

_CONTEXT = re.compile(r"(?<![\w.'-])(steps|needs)\.([A-Za-z_][\w-]*)")
_QUOTED = re.compile(r"'(?:[^']|'')*'")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each name of each job."""
    for workflow in workflows(context):
        for job in workflow.jobs:
            yield from _job(context, workflow, job)


def _job(context: Context, workflow: Workflow, job: Job) -> Iterator[Finding]:
    steps = {str(step.body.get("id")) for step in job.steps}
    needs = set(names(job.body.get("needs")))
    seen: set[tuple[str, str]] = set()
    for path, text in strings(job.body, job.path):
        for expression in _expressions(path, text):
            for kind, name in _CONTEXT.findall(_QUOTED.sub("''", expression)):
                if name in (steps if kind == "steps" else needs) or (kind, name) in seen:
                    continue
                seen.add((kind, name))
                line = line_of(context, workflow, path, f"{kind}.{name}")
                what = "no step has this id" if kind == "steps" else f"job {job.name} does not list it under `needs`"
                near = nearest(name, steps if kind == "steps" else needs)
                hint = f"give the step `id: {name}`" if kind == "steps" else f"add {name} to `needs`"
                hint = f"did you mean {kind}.{near}?" if near else hint
                message = f"`{kind}.{name}` is always empty in job {job.name}: {what}"
                yield about(RULE, workflow, line, message, hint=hint)


def _expressions(path: tuple[str | int, ...], text: str) -> Iterator[str]:
    """A condition is an expression as a whole, whether or not it stands in `${{ }}`."""
    if path[-1] == "if" and "${{" not in text:
        yield text
    else:
        yield from expressions(text)
