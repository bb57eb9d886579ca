"""How a plan is rolled back, and whether that gives back what was there: printed as steps, tried in a clone.

Flux reverts what Git reverts. While the commits are taken back the Kustomizations that they touch are suspended, but
for those that the plan added: a suspended one that is deleted leaves everything that it made (its finalizer prunes only
when it is not suspended), and a suspended HelmRelease is not uninstalled.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from elysium.compare import Change, Comparison, compare, described
from elysium.model import Render, UnitState
from elysium.plans.results import Result
from elysium.plans.types import Plan
from elysium.plans.undoing.commits import PlanCommits
from elysium.plans.undoing.remaining import Remain, remaining
from elysium.plans.undoing.rollback_steps import RollbackStep, rollback_steps
from elysium.sources import Cache, revision
from elysium.sources.reverting import Conflict, Reverted, reverted

__all__ = ["Rendering", "Rollback", "Verdict", "roll_back", "try_rollback"]

Rendering = Callable[[Path, str], Render]
"""Renders a commit of a repository on disk."""

_NAMED = 3


class Rollback(msgspec.Struct, frozen=True, kw_only=True):
    """The procedure: what is taken back, in which steps, and what does not come back all the same."""

    plan: str
    commits: PlanCommits
    steps: tuple[RollbackStep, ...]
    remains: tuple[Remain, ...]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether reverting gives back exactly the objects of the base, and what differs if not.

    `differences` goes from the base to what reverting gives.
    """

    result: Result
    reason: str
    differences: Comparison | None = None
    conflict: Conflict | None = None


def roll_back(plan: Plan, commits: PlanCommits, base: Render, head: Render) -> Rollback:
    """The procedure that takes a plan back: `head` is the cluster with it, `base` without it."""
    comparison = compare(base, head)
    remains = remaining(comparison, base, head) if commits.commits else ()
    return Rollback(
        plan=plan.name or plan.title,
        commits=commits,
        steps=rollback_steps(commits, comparison, (base, head), remains),
        remains=remains,
    )


def try_rollback(root: Path, commits: PlanCommits, base: Render, cache: Cache, rendering: Rendering) -> Verdict:
    """Revert the commits in a throw-away clone and compare what that gives with the base. The repository is only read.

    `rendering` is given the top of the clone, in which the repository lies at `commits.place`, and the commit there.
    """
    with reverted(root, commits.commits, cache, commits.head, commits.document) as back:
        if back.conflict is not None:
            return _conflicting(back.conflict)
        return _verdict(root, commits, back, compare(base, rendering(back.directory, back.commit)))


def _conflicting(conflict: Conflict) -> Verdict:
    files = ", ".join(conflict.files)
    reason = f"{conflict.commit.id[:12]} ({conflict.commit.subject}) cannot be reverted: later changes touch {files}"
    return Verdict(result=Result.FAIL, reason=reason, conflict=conflict)


def _verdict(root: Path, commits: PlanCommits, back: Reverted, differences: Comparison) -> Verdict:
    if revision.resolve(root, commits.base)[1] == back.tree:
        return Verdict(result=Result.PASS, reason="every file is as in the base", differences=differences)
    told = _known(differences)
    if told and not commits.others:
        return Verdict(result=Result.FAIL, reason=f"not as in the base: {_listed(told)}", differences=differences)
    if told:
        others = _listed([f"{item.id[:12]} ({item.subject})" for item in commits.others])
        reason = f"other commits since the base may be why it is not as before ({others}): {_listed(told)}"
        return Verdict(result=Result.UNKNOWN, reason=reason, differences=differences)
    if differences.unknown:
        units = _listed([str(item.unit) for item in differences.unknown])
        reason = f"every known object is as in the base, and what {units} makes is not known"
        return Verdict(result=Result.UNKNOWN, reason=reason, differences=differences)
    reason = f"every object is as in the base; of the files differ {_listed(_files(root, commits, back))}"
    return Verdict(result=Result.PASS, reason=reason, differences=differences)


def _files(root: Path, commits: PlanCommits, back: Reverted) -> list[str]:
    """The files that are not as in the base, such as the plan itself."""
    before, after = revision.listing(root, commits.base), revision.listing(back.directory, back.commit)
    return sorted(path for path in {**before, **after} if before.get(path) != after.get(path))


def _known(differences: Comparison) -> list[str]:
    """What is known not to be as in the base, in words."""
    told = [described(item) for item in differences.objects if item.change is not Change.UNKNOWN]
    told += [
        f"{item.unit} is {item.after or 'absent'}"
        for item in differences.units
        if UnitState.UNKNOWN.value not in (item.before, item.after)
    ]
    return told + [str(item) for item in differences.dependencies if item.change is not Change.UNKNOWN]


def _listed(told: list[str]) -> str:
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return "; ".join(told[:_NAMED]) + more
