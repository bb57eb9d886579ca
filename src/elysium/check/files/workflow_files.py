"""Workflows of GitHub, Forgejo and Gitea as they are written: triggers, jobs, steps and where each stands.

Source: GitHub documentation, "Workflow syntax for GitHub Actions".
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.check.rule import Rule
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["Job", "Step", "Workflow", "about", "line_of", "names", "workflows"]

_GITHUB = ".github/workflows"
_DIRECTORIES = (_GITHUB, ".forgejo/workflows", ".gitea/workflows")
_GUARD = re.compile(
    r"head\.repo\.(full_name|fork|owner)|head_repository|author_association|workflow_run\.event\b|github\.actor\s*=="
    r"|pull_request\.user\.login\s*==|\.labels|label\.name|workflow_run\.head_branch"
)

Path = Sequence[str | int]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a job. `number` is its place among all of them, `path` leads to it in the document."""

    number: int
    body: dict[str, Any]
    path: tuple[str | int, ...]

    @property
    def run(self) -> str:
        """The script, empty when the step uses an action."""
        return _text(self.body.get("run"))

    @property
    def uses(self) -> str:
        """The action, empty when the step runs a script."""
        return _text(self.body.get("uses"))

    @property
    def inputs(self) -> dict[str, Any]:
        """What the action is given."""
        return mapping(self.body.get("with"))

    @property
    def checks_out(self) -> bool:
        """Whether the step brings the files of a repository."""
        return posixpath.basename(self.uses.partition("@")[0]) == "checkout"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job of a workflow."""

    name: str
    body: dict[str, Any]

    @property
    def path(self) -> tuple[str | int, ...]:
        """The path to it in the document."""
        return ("jobs", self.name)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that are mappings, as they must be; those of `parallel` after the group that holds them."""
        found = _steps(self.body.get("steps"), (*self.path, "steps"))
        return tuple(Step(number=number, body=body, path=path) for number, (path, body) in enumerate(found))

    @property
    def guarded(self) -> bool:
        """Whether a condition asks who or what started the run, or a job before it decides."""
        condition = _text(self.body.get("if"))
        return bool(_GUARD.search(condition) or re.search(r"\bneeds\.[\w-]+\.outputs\b", condition))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the runner."""
        runner = self.body.get("runs-on")
        return names(runner.get("labels") if isinstance(runner, dict) else runner)


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow file with one document that is a mapping."""

    path: str
    text: str
    body: dict[str, Any]

    @property
    def of_github(self) -> bool:
        """Whether GitHub runs it: Forgejo and Gitea allow more and have no token permissions."""
        return not self.path.startswith(_DIRECTORIES[1:])

    @property
    def triggers(self) -> dict[str, Any]:
        """Events by name with their filters. YAML 1.1 reads the key `on` as true."""
        declared = self.body.get("on", self.body.get("true"))
        return declared if isinstance(declared, dict) else dict.fromkeys(names(declared))

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs that are mappings."""
        declared = mapping(self.body.get("jobs"))
        return tuple(Job(name=str(name), body=body) for name, body in declared.items() if isinstance(body, dict))


def workflows(context: Context) -> tuple[Workflow, ...]:
    """Every workflow of the repository that can be read; computed once."""
    found: tuple[Workflow, ...] | None = context.__dict__.get("workflows")
    if found is None:
        found = tuple(_read(context))
        context.__dict__["workflows"] = found
    return found


def line_of(context: Context, workflow: Workflow, path: Path, text: str = "") -> int:
    """The line of a field, or the first line from there on that holds `text`."""
    line = in_document(context, workflow.path, 0, path, line=1).line
    if text:
        for number, content in enumerate(workflow.text.splitlines()[max(line - 1, 0) :], max(line, 1)):
            if text in content:
                return number
    return line


def about(
    rule: Rule, workflow: Workflow, line: int, message: str, *, hint: str, severity: Severity | None = None
) -> Finding:
    """A finding about a line of a workflow."""
    severe = severity or rule.severity
    return Finding(rule=rule.id, severity=severe, message=message, hint=hint, file=workflow.path, line=line)


def names(value: Any) -> tuple[str, ...]:
    """One name or a list of names, as workflows write either."""
    return tuple(str(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))


def _steps(steps: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for number, body in enumerate(sequence(steps)):
        if isinstance(body, dict):
            yield (*path, number), body
            if path[-1] == "steps":
                yield from _steps(body.get("parallel"), (*path, number, "parallel"))


def _read(context: Context) -> Iterator[Workflow]:
    alone = len(context.paths) == 1
    for path in context.paths:
        if not path.endswith((".yaml", ".yml")) or not (alone or posixpath.dirname(path) in _DIRECTORIES):
            continue
        bodies = list(context.bodies(path).values()) if path in context.files else _decoded(context, path)
        if len(bodies) == 1 and isinstance(bodies[0], dict) and not (alone and "jobs" not in bodies[0]):
            yield Workflow(path=path, text=context.text(path), body=bodies[0])


def _decoded(context: Context, path: str) -> list[Any]:
    """Documents of a file that is not indexed, as in a repository that is a chart."""
    try:
        return context.decode(context.text(path))
    except EngineError:
        return []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
