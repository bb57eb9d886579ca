"""A secret, an environment or a runner that a workflow needs and that nothing tells of.

What stands in the settings of a repository is not in Git. Whoever forks it, moves it, or comes after you finds out what
is missing by workflows that fail, one after the other, or wait for a runner for a day. A comment in the workflow, a
list below `.github` or a document names what has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import expressions, strings
from elysium.check.files.workflow_files import Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-undeclared",
    severity=Severity.INFO,
    summary="a secret, environment or runner that a workflow needs and that no comment or document names",
    topic=Topic.WORKFLOWS,
    profiles=(),
)

_SECRET = re.compile(r"\bsecrets\.([A-Za-z_]\w*)")
_WORD = re.compile(r"[\w-]+")
_STANDARD = {"self-hosted", "linux", "macos", "windows", "x64", "arm", "arm64", "github_token"}
_SHOWN = 5


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workflow."""
    known = workflows(context)
    told = _told(context, known) if known else set()
    for workflow in known:
        missing = {name: kind for name, kind in _needed(workflow) if name.lower() not in told | _STANDARD}
        if missing:
            names = [f"{kind} {name}" for name, kind in missing.items()]
            shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
            line = line_of(context, workflow, (), next(iter(missing)))
            hint = "name them in a comment at the top, with what each is for and which rights it has"
            yield about(RULE, workflow, line, f"needs what nothing here tells of: {shown}", hint=hint)


def _needed(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Names with what they are of."""
    for _, text in strings(workflow.body):
        for expression in expressions(text):
            yield from ((name, "secret") for name in _SECRET.findall(expression))
    for job in workflow.jobs:
        environment = job.body.get("environment")
        name = mapping(environment).get("name") if isinstance(environment, dict) else environment
        if isinstance(name, str) and "${{" not in name:
            yield name, "environment"
        if "self-hosted" in job.labels:
            yield from ((label, "runner") for label in job.labels if "${{" not in label)


def _told(context: Context, known: tuple[Workflow, ...]) -> set[str]:
    """Every word of comments in workflows, of other files below `.github`, and of documents."""
    comments = [line.partition("#")[2] for workflow in known for line in workflow.text.splitlines() if "#" in line]
    paths = {workflow.path for workflow in known}
    others = [
        context.text(path)
        for path in context.paths
        if path not in paths and (path.startswith(".github/") or path.endswith(".md"))
    ]
    return {word.lower() for text in (*comments, *others) for word in _WORD.findall(text)}
