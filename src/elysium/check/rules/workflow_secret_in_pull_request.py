"""A secret that is in the environment of steps which run the code of a pull request.

What is built on `pull_request` is not reviewed yet: its scripts, tests and build files can read the environment of the
step that runs them and print or send it. A secret belongs to the one step that uses it, and for the registry and the
API of the same forge the short-lived `GITHUB_TOKEN` is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import expressions, strings
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-secret-in-pull-request",
    severity=Severity.WARNING,
    summary="a secret in the environment of steps that run the code of a pull request",
    topic=Topic.WORKFLOWS,
    profiles=("review", "security"),
)

_SECRET = re.compile(r"\bsecrets\.([A-Za-z_]\w*)")
_PERSONAL = re.compile(r"(?i)(^|_)(PAT|TOKEN)($|_)")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each secret of an environment that every step sees, and for a personal token at a registry."""
    for workflow in workflows(context):
        if "pull_request" not in workflow.triggers:
            continue
        for job in workflow.jobs:
            if job.guarded or "event_name" in str(job.body.get("if")):
                continue
            if any(step.checks_out for step in job.steps):
                yield from _environment(context, workflow, job)
            yield from _registry(context, workflow, job)


def _environment(context: Context, workflow: Workflow, job: Job) -> Iterator[Finding]:
    if not any(step.run for step in job.steps):
        return
    for path, body in (((), workflow.body), (job.path, job.body)):
        for name, where in _secrets(mapping(body.get("env"))):
            line = line_of(context, workflow, (*path, "env", *where))
            message = f"secret {name} is in the environment of every step of job {job.name}, which runs pull requests"
            yield about(RULE, workflow, line, message, hint="give it by `env:` to the one step that needs it")


def _registry(context: Context, workflow: Workflow, job: Job) -> Iterator[Finding]:
    for step in job.steps:
        if step.uses.startswith("docker/login-action@") and step.inputs.get("registry") == "ghcr.io":
            for name, _ in _secrets({"password": step.inputs.get("password")}):
                if _PERSONAL.search(name):
                    line = line_of(context, workflow, (*step.path, "with", "password"))
                    message = f"job {job.name} signs in to ghcr.io on a pull request with the long-lived secret {name}"
                    hint = "use `${{ secrets.GITHUB_TOKEN }}` with `permissions: packages: write`"
                    yield about(RULE, workflow, line, message, hint=hint)


def _secrets(body: dict[str, Any]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for path, text in strings(body):
        for expression in expressions(text):
            for name in _SECRET.findall(expression):
                if name.upper() != "GITHUB_TOKEN":
                    yield name, path
