"""Code of a pull request that runs with the secrets of the repository.

`pull_request_target` and `workflow_run` run in the context of the default branch: with secrets and, mostly, a token
that may write. When such a job checks out the head of the pull request and runs anything of it, everybody who can open
a pull request has both. Build on `pull_request`, and let the privileged workflow only use the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.workflow_files import Job, Step, Workflow, about, line_of, workflows
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-pull-request-target",
    severity=Severity.ERROR,
    summary="code of a pull request that runs with the secrets of the repository",
    topic=Topic.WORKFLOWS,
    profiles=("default", "security"),
)

_EVENTS = ("pull_request_target", "workflow_run", "issue_comment")
_HEAD = re.compile(
    r"github\.head_ref|pull_request\.head\.|workflow_run\.head_|refs/pull/|workflow_run\.pull_requests|issue\.number"
)
_FETCHES = re.compile(
    r"\bgh\s+pr\s+checkout\b|\bgit\s+(?:fetch|pull)\s[^\n]*(?:refs/)?pull/|\bgit\s+(?:checkout|switch)\s[^\n]*head_"
)
_RUNS = re.compile(
    r"(?m)^[ \t]*(?:npm|yarn|pnpm|make|just|task|poetry|uv|pip|go|cargo|\./|bash|sh|python3?|docker\s+build)\b|\./"
)

_DECIDED = re.compile(r"\bsteps\.[\w-]+\.outputs\b|author_association|head\.repo\.")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each step that brings the head; a warning where nothing of it is seen to run."""
    for workflow in workflows(context):
        event = next((name for name in _EVENTS if name in workflow.triggers), "")
        if not event:
            continue
        for job in workflow.jobs:
            if not job.guarded:
                yield from _job(context, workflow, job, event)


def _job(context: Context, workflow: Workflow, job: Job, event: str) -> Iterator[Finding]:
    for step in job.steps:
        if _brings_head(step) and not _DECIDED.search(str(step.body.get("if") or "")):
            runs = any(_runs(later) for later in job.steps[step.number + 1 :]) or bool(_RUNS.search(step.run))
            message = f"job {job.name} runs on `{event}`, with secrets, and checks out the head of the pull request"
            hint = "build on `pull_request` without secrets, or do not check out the head here"
            severity = Severity.ERROR if runs else Severity.WARNING
            line = line_of(context, workflow, step.path)
            yield about(RULE, workflow, line, message, hint=hint, severity=severity)
            return


def _brings_head(step: Step) -> bool:
    if step.checks_out:
        return any(_HEAD.search(str(step.inputs.get(name) or "")) for name in ("ref", "repository"))
    return bool(_FETCHES.search(step.run))


def _runs(step: Step) -> bool:
    """Whether a step runs files that were checked out."""
    return (
        step.uses.startswith("./") or bool(_RUNS.search(step.run)) or step.uses.startswith("docker/build-push-action")
    )
