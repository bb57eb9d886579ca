"""A workflow that GitHub refuses or that cannot run as written.

GitHub parses a workflow when it is pushed; with an unknown key, a job without runner or steps, a step that both runs a
script and uses an action, or a need for a job that is not there, the whole file is invalid and nothing in it runs. The
only notice is a failed run without jobs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.files.workflow_expressions import strings
from elysium.check.files.workflow_files import Job, Workflow, about, line_of, names, workflows
from elysium.check.files.workflow_schema import ACTS, EVENTS, JOB, PULL_REQUEST_TYPES, STEP, TOP
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="workflow-syntax",
    severity=Severity.ERROR,
    summary="a workflow that GitHub refuses or that cannot run as written",
    topic=Topic.WORKFLOWS,
    profiles=("default", "pre-commit"),
)

_JOB_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_EXCLUSIVE = (("branches", "branches-ignore"), ("tags", "tags-ignore"), ("paths", "paths-ignore"))

Problem = tuple[tuple[str | int, ...], str, str]
"""The path in the document, the message and the hint."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each mistake."""
    for workflow in workflows(context):
        for path, message, hint in _problems(workflow):
            yield about(RULE, workflow, line_of(context, workflow, path), message, hint=hint)


def _problems(workflow: Workflow) -> Iterator[Problem]:
    if workflow.of_github:
        yield from _unknown_keys(workflow.body, TOP, (), "the workflow")
    yield from _triggers(workflow)
    if not mapping(workflow.body.get("jobs")):
        yield (), "the workflow has no jobs", "write at least one job under `jobs`"
    known = {job.name for job in workflow.jobs}
    for job in workflow.jobs:
        yield from _job(workflow, job, known)
    for path, text in strings(workflow.body):
        if text.count("${{") > text.count("}}"):
            yield path, "an expression begins with `${{` and never ends", "close it with `}}`"


def _unknown_keys(
    body: dict[str, Any], known: frozenset[str], path: tuple[str | int, ...], what: str
) -> Iterator[Problem]:
    for key in body:
        if str(key) not in known:
            near = nearest(str(key), known)
            hint = f"did you mean {near}?" if near else f"known keys: {', '.join(sorted(known - {'true'}))}"
            yield (*path, str(key)), f"{what} has the unknown key `{key}`", hint


def _triggers(workflow: Workflow) -> Iterator[Problem]:
    if not workflow.triggers:
        yield (), "the workflow names no event that starts it", "write `on:` with at least one event"
    for event, filters in workflow.triggers.items():
        if workflow.of_github and event not in EVENTS:
            near = nearest(event, EVENTS)
            hint = f"did you mean {near}?" if near else "see GitHub's list of events"
            yield ("on", event), f"there is no event `{event}`", hint
        yield from _filters(event, mapping(filters))
    for number, entry in enumerate(sequence(workflow.triggers.get("schedule"))):
        cron = mapping(entry).get("cron")
        if isinstance(cron, str) and len(cron.split()) != 5:
            hint = "write minute, hour, day, month and weekday"
            yield ("on", "schedule", number), f"the schedule `{cron}` does not have five fields", hint


def _filters(event: str, filters: dict[str, Any]) -> Iterator[Problem]:
    for one, other in _EXCLUSIVE:
        if {one, other} <= filters.keys():
            hint = f"use `{one}` alone, with `!` before what is left out"
            yield ("on", event, other), f"`{event}` has both `{one}` and `{other}`", hint
    for kind in names(filters.get("types")) if event in ("pull_request", "pull_request_target") else ():
        if kind not in PULL_REQUEST_TYPES:
            near = nearest(kind, PULL_REQUEST_TYPES)
            hint = f"did you mean {near}?" if near else "see the activity types of pull_request"
            yield ("on", event, "types"), f"`{event}` has no activity type `{kind}`", hint


def _job(workflow: Workflow, job: Job, known: set[str]) -> Iterator[Problem]:
    if workflow.of_github:
        yield from _unknown_keys(job.body, JOB, job.path, f"job {job.name}")
        if not _JOB_NAME.match(job.name):
            yield job.path, f"`{job.name}` cannot be the name of a job", "use letters, digits, - and _"
    if "uses" not in job.body:
        if "runs-on" not in job.body and workflow.of_github:
            yield (
                job.path,
                f"job {job.name} has neither `runs-on` nor `uses`",
                "say where it runs: `runs-on: ubuntu-latest`",
            )
        if not sequence(job.body.get("steps")):
            yield job.path, f"job {job.name} has no steps", "write at least one step"
    for need in names(job.body.get("needs")):
        if need not in known:
            near = nearest(need, known)
            hint = f"did you mean {near}?" if near else f"jobs: {', '.join(sorted(known))}"
            yield (*job.path, "needs"), f"job {job.name} needs `{need}`, which is no job of this workflow", hint
    if "uses" not in job.body:
        yield from _steps(workflow, job)


def _steps(workflow: Workflow, job: Job) -> Iterator[Problem]:
    seen: set[str] = set()
    for step in job.steps:
        where = f"step {step.number + 1} of job {job.name}"
        if workflow.of_github:
            yield from _unknown_keys(step.body, STEP, step.path, where)
        if "run" in step.body and "uses" in step.body:
            yield step.path, f"{where} has both `run` and `uses`", "make two steps of it"
        if not ACTS & step.body.keys():
            yield step.path, f"{where} has neither `run` nor `uses`", "say what it does"
        name = step.body.get("id")
        if isinstance(name, str) and name in seen:
            yield (*step.path, "id"), f"two steps of job {job.name} have the id `{name}`", "rename one"
        seen.add(str(name))
