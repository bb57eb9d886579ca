"""A workflow that uses an action, a workflow or a script of the repository which is not there.

GitHub cannot start a job whose workflow is missing; a step whose action or script is missing fails when it is reached.
A script is a warning, for a step before it may make it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-missing-file",
    severity=Severity.ERROR,
    summary="a workflow that uses an action or a script of the repository which is not there",
    topic=Topic.WORKFLOWS,
    profiles=("default", "pre-commit"),
)

_SCRIPT = re.compile(
    r"(?m)^[ \t]*(?:if[ \t]++(?:![ \t]*+)?)?(?:(?:bash|sh|zsh|python3?|node|source)\s+(?:-[a-z]+\s+)*)?"
    r"((?:\./)?(?:[\w.-]+/)+[\w.-]+\.(?:sh|bash|py|js|mjs|ts))(?=\s|$|;|\))"
)
_ACTIONS = ("action.yml", "action.yaml", "Dockerfile")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each name."""
    files = set(context.paths)
    folders = {posixpath.dirname(path) for path in files}
    for workflow in workflows(context):
        for job in workflow.jobs:
            called = job.body.get("uses")
            if isinstance(called, str) and called.startswith("./") and called[2:] not in files:
                line = line_of(context, workflow, (*job.path, "uses"))
                yield _missing(workflow, line, f"the workflow {called} of job {job.name} does not exist")
            if _has_own_files(job):
                yield from _steps(context, workflow, job, files, folders)


def _has_own_files(job: Job) -> bool:
    """Whether the job works in a plain checkout of this repository and nothing else."""
    checkouts = [step for step in job.steps if step.checks_out]
    plain = all(not {"repository", "path", "ref"} & step.inputs.keys() for step in checkouts)
    return bool(checkouts) and plain


def _steps(context: Context, workflow: Workflow, job: Job, files: set[str], folders: set[str]) -> Iterator[Finding]:
    moved = "working-directory" in mapping(mapping(job.body.get("defaults")).get("run"))
    moved = moved or "working-directory" in mapping(mapping(workflow.body.get("defaults")).get("run"))
    for step in job.steps:
        if step.uses.startswith("./"):
            folder = posixpath.normpath(step.uses)
            if not any(posixpath.normpath(posixpath.join(folder, name)) in files for name in _ACTIONS):
                line = line_of(context, workflow, (*step.path, "uses"))
                yield _missing(workflow, line, f"the action {step.uses} does not exist")
        if moved or "working-directory" in step.body:
            continue
        for script in dict.fromkeys(_SCRIPT.findall(step.run)):
            path = posixpath.normpath(script)
            made = re.search(r"(?:>|-o|--output|tee|cp|mv|mkdir|curl|wget|git clone|cd)\s[^\n]*", step.run)
            if path not in files and posixpath.dirname(path) in folders and not made:
                line = line_of(context, workflow, (*step.path, "run"), script)
                yield _missing(workflow, line, f"the script {script} does not exist", Severity.WARNING)


def _missing(workflow: Workflow, line: int, message: str, severity: Severity = RULE.severity) -> Finding:
    hint = "mend the path; it counts from the root of the repository"
    return about(RULE, workflow, line, message, hint=hint, severity=severity)
