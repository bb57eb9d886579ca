"""The way back from a plan: how it is gone, what does not come back, and the proof that it leads to the base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from elysium.api.copied import CopiedWorkspace
from elysium.api.rehearsing import RehearsalOptions, rehearse
from elysium.api.workspace import Workspace
from elysium.errors import PlanError
from elysium.model import Render
from elysium.plans.types import Plan
from elysium.plans.undoing.commits import plan_commits
from elysium.plans.undoing.rolling_back import Rollback, Verdict, roll_back, try_rollback
from elysium.rehearse.types import Rehearsal, Step
from elysium.sources import revision
from elysium.sources.working import checkout_root

__all__ = ["RolledBack", "rehearse_rollback", "roll_back_plan"]


class RolledBack(msgspec.Struct, frozen=True, kw_only=True):
    """The procedure, and what trying it in a throw-away clone gave; None when there is nothing to take back."""

    rollback: Rollback
    verdict: Verdict | None = None


def roll_back_plan(workspace: Workspace, plan: Plan, base: str = "") -> RolledBack:
    """How a plan is taken back, tried. The repository is only read.

    Raises PlanError when neither the plan nor the caller names the commit from which it started.
    """
    stamped = msgspec.structs.replace(plan, base=base or plan.base, path=_in_repository(workspace, plan.path))
    commits = plan_commits(stamped, workspace.directory, workspace.cache)
    commit = revision.resolve(workspace.directory, stamped.base)[0]
    before = _rendered(workspace, workspace.path, commit)
    rollback = roll_back(stamped, commits, before, workspace.render())
    if commits.nothing:
        return RolledBack(rollback=rollback)

    def rendering(directory: Path, at: str) -> Render:
        return _rendered(workspace, directory / _inside(workspace), at)

    verdict = try_rollback(workspace.directory, commits, before, workspace.cache, rendering)
    return RolledBack(rollback=rollback, verdict=verdict)


def rehearse_rollback(
    workspace: Workspace, plan: Plan, base: str = "", *, notice: Callable[[Step], None] | None = None
) -> Rehearsal:
    """What a real API server makes of the base, of the plan on top of it, and of the base once more.

    Raises PlanError when neither the plan nor the caller names the commit from which it started.
    """
    if not (base or plan.base):
        raise PlanError("it does not say from which commit it started", subject=plan.path, hint="give --base COMMIT")
    return rehearse(workspace, base or plan.base, options=RehearsalOptions(rollback=True), notice=notice)


def _inside(workspace: Workspace) -> str:
    """The part of the checkout that is looked at."""
    top = checkout_root(workspace.directory) or workspace.directory
    return workspace.directory.relative_to(top).as_posix()


def _in_repository(workspace: Workspace, path: str) -> str:
    """The plan's file as git names it; empty for one outside of the checkout."""
    top = checkout_root(workspace.directory) or workspace.directory
    place = Path(path).resolve() if path not in ("", "-") else top
    return place.relative_to(top).as_posix() if top in place.parents else ""


def _rendered(workspace: Workspace, path: Path, commit: str) -> Render:
    with CopiedWorkspace(path, workspace, revision=commit) as opened:
        return opened.render()
