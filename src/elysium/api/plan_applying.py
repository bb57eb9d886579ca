"""Carrying out a plan: its components, written step by step, each step a commit if wished.

Whatever was written before is recognised, so that an interrupted run goes on where it stopped. Nothing is written when
the files that the plan was made from are not what they were.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import msgspec

from elysium.api.scaffolding import Request, Scaffolder
from elysium.api.workspace import Workspace
from elysium.errors import PlanError, RepositoryError, ScaffoldError
from elysium.plans.deploying.effect import step_of
from elysium.plans.effects.applying import AppliedStep, moved, steps_of
from elysium.plans.types import Plan, Reliance
from elysium.scaffold import Action, Change, Placeholder, read_file, write_files
from elysium.sources import git, revision
from elysium.sources.committing import commit_paths
from elysium.sources.history import uncommitted
from elysium.sources.working import checkout_root

__all__ = ["MovedFile", "PlanApplication", "prepare_application", "write_step"]


class MovedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the plan relies on and that is not what it was; `diff` is empty where the base is not known."""

    path: str
    diff: str = ""


class PlanApplication(msgspec.Struct, frozen=True, kw_only=True):
    """What carrying out a plan would write, by steps, and what stands in the way."""

    root: str
    name: str
    steps: tuple[AppliedStep, ...]
    moved: tuple[MovedFile, ...] = ()
    placeholders: tuple[Placeholder, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Files that stay as they are although something else is proposed."""
        return tuple(item for step in self.steps for item in step.changes if item.action is Action.CONFLICT)

    @property
    def open(self) -> tuple[AppliedStep, ...]:
        """The steps in which something is still to be written."""
        return tuple(step for step in self.steps if step.open)


def prepare_application(
    scaffolder: Scaffolder, workspace: Workspace, plan: Plan, secrets: Mapping[str, bytes] | None = None
) -> PlanApplication:
    """What a plan would write. Raises PlanError when it names no component, ScaffoldError when one cannot be used."""
    if not plan.components:
        hint = 'name one in the plan\'s head: component="app/NAME answer=value"; `elysium new --list` shows them'
        raise PlanError("the plan names no component to write", subject=plan.path or "plan", hint=hint)
    for item in plan.components:
        request = Request(
            kind=item.kind, name=item.name, preset=item.preset, answers=item.answers, secrets=secrets or {}
        )
        _add(scaffolder, request, plan, item.line)
    result = scaffolder.result
    facts = scaffolder.facts
    usual = lambda change: step_of(change.path, change, facts)  # noqa: E731 - the facts stay here
    gone = moved(plan, result.changes, partial(read_file, workspace.root))
    return PlanApplication(
        root=str(workspace.root),
        name=plan.name or plan.title,
        steps=steps_of(plan, result.changes, usual),
        moved=tuple(MovedFile(path=item.path, diff=_difference(workspace, plan, item)) for item in gone),
        placeholders=result.placeholders,
        notes=result.notes,
    )


def _add(scaffolder: Scaffolder, request: Request, plan: Plan, line: int) -> None:
    missing = scaffolder.missing(request)
    if missing:
        names = ", ".join(item.name for item in missing)
        subject = f"{plan.path or 'plan'}:{line}"
        raise PlanError(f"{request.kind} {request.name} lacks {names}", subject=subject, hint="add NAME=VALUE there")
    scaffolder.add(request, needs=True)


def _difference(workspace: Workspace, plan: Plan, item: Reliance) -> str:
    """How a file differs from the plan's base."""
    if not plan.base:
        return ""
    place = f"{workspace.place}/{item.path}" if workspace.place else item.path
    try:
        commit = revision.resolve(workspace.directory, plan.base)[0]  # the plan's own word could be an option of git
        before = git.run(workspace.directory, "show", f"{commit}:{place}").decode("utf-8", "replace")
        after = read_file(workspace.root, item.path) or ""
    except (git.GitError, RepositoryError, ScaffoldError):
        return ""
    names = (f"a/{item.path}", f"b/{item.path}")
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), *names)
    return workspace.scrubbed("".join(lines))


def write_step(application: PlanApplication, step: AppliedStep, *, commit: bool = False) -> str:
    """Write one step; with `commit`, commit exactly its files and give the commit's hash.

    The commit names plan and step in trailers, by which `plan rollback` finds it.
    """
    root = Path(application.root)
    write_files(root, step.changes)
    if not commit:
        return ""
    if checkout_root(root) is None:
        raise RepositoryError("there is no git repository to commit to", subject=str(root), hint="leave --commit out")
    title = f"Step {step.number}: {step.title}" if step.number else "Write what the plan asks for"
    message = f"{application.name}: {title}\n\nPlan: {application.name}\nPlan-Step: {step.number or '-'}\n"
    paths = [item.path for item in step.changes if item.action in (Action.CREATE, Action.CHANGE)]
    paths += _left_over(root, step)
    return commit_paths(root, paths, message) if paths else ""


def _left_over(root: Path, step: AppliedStep) -> list[str]:
    """Files of a step that an interrupted run has written and not committed any more."""
    top = checkout_root(root) or root.resolve()
    place = root.resolve().relative_to(top).as_posix()
    loose = uncommitted(root, None)
    open_files = {*loose.changed, *loose.new}
    kept = [item.path for item in step.changes if item.action is Action.KEEP]
    return [path for path in kept if (path if place == "." else f"{place}/{path}") in open_files]
