"""Which commits carried a plan out: those that say so, or else those that touch the files of its items."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection
from pathlib import Path

import msgspec

from elysium.errors import PlanError
from elysium.plans.types import Plan
from elysium.sources import Cache
from elysium.sources.history import Commit, commits_between, uncommitted

__all__ = ["TRAILER", "PlanCommits", "files_of", "plan_commits"]

TRAILER = "Plan"
"""The trailer with which a commit says to which plan it belongs: `Plan: NAME`."""


class PlanCommits(msgspec.Struct, frozen=True, kw_only=True):
    """What was done for a plan since its base. `commits` are to be reverted in their order, newest first.

    `by` says how they were found (`trailer`, `files`, empty when there are none). `others` are the rest since the base.
    `changed` and `new` are files of the plan that are not committed; `foreign` are files that are not of the plan.
    """

    base: str
    head: str
    commits: tuple[Commit, ...] = ()
    by: str = ""
    others: tuple[Commit, ...] = ()
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to roll back."""
        return not (self.commits or self.changed or self.new)


def plan_commits(plan: Plan, root: Path, cache: Cache | None, head: str = "HEAD") -> PlanCommits:
    """The commits between the plan's base and `head` that belong to it, and what is not committed yet.

    Commits that were reverted since, and their reverts, are none; nor are those that change only the plan's document.
    Raises PlanError when the plan has no base, RepositoryError when the base is not there.
    """
    if not plan.base:
        hint = "add `base=COMMIT` to the plan's block: the commit that it was made from"
        raise PlanError("the plan does not say from which commit it starts", subject=plan.path or plan.name, hint=hint)
    since = commits_between(root, plan.base, head)
    standing = _standing(since)
    by, chosen = _chosen(plan, standing)
    files, loose = files_of(plan), uncommitted(root, cache)
    mine = [name for name in (*loose.changed, *loose.new) if _is_of(name, files) and name != plan.path]
    return PlanCommits(
        base=plan.base,
        head=head,
        commits=chosen,
        by=by,
        others=tuple(item for item in standing if item not in chosen and not _is_document(item, plan)),
        changed=tuple(name for name in loose.changed if name in mine),
        new=tuple(name for name in loose.new if name in mine),
        foreign=tuple(name for name in (*loose.changed, *loose.new) if name not in mine and name != plan.path),
    )


def files_of(plan: Plan) -> tuple[str, ...]:
    """What the items deliver: paths, folders or patterns."""
    found = (name.removeprefix("./") for place in plan.places() for name in place.item.files)
    return tuple(dict.fromkeys(found))


def _standing(commits: tuple[Commit, ...]) -> tuple[Commit, ...]:
    """Those that have an effect: neither reverted, nor the revert of one among them."""
    known = {commit.id for commit in commits}
    undone: set[str] = set()
    reverts: set[str] = set()
    for commit in commits:  # newest first: a revert that was itself reverted undoes nothing
        if commit.id not in undone and commit.reverts and known.issuperset(commit.reverts):
            undone.update(commit.reverts)
            reverts.add(commit.id)
    return tuple(commit for commit in commits if commit.id not in undone | reverts)


def _chosen(plan: Plan, commits: tuple[Commit, ...]) -> tuple[str, tuple[Commit, ...]]:
    """The commits of the plan, and how they were told. A merge stands for its branch only where nothing of that is."""
    candidates = [commit for commit in commits if not _is_document(commit, plan)]
    said = [commit for commit in candidates if plan.name and plan.name in commit.trailer(TRAILER)]
    if said:
        return "trailer", _without_merges(said)
    files = files_of(plan)
    touching = [commit for commit in candidates if any(_is_of(name, files) for name in commit.files)]
    return ("files", _without_merges(touching)) if touching else ("", ())


def _without_merges(commits: list[Commit]) -> tuple[Commit, ...]:
    single = tuple(commit for commit in commits if not commit.merges)
    return single or tuple(commits)


def _is_document(commit: Commit, plan: Plan) -> bool:
    return bool(plan.path) and set(commit.files) == {plan.path}


def _is_of(name: str, files: Collection[str]) -> bool:
    """Whether a file is one that the plan delivers, or lies in a folder that it delivers."""
    return any(
        name == path or name.startswith(f"{path.rstrip('/')}/") or fnmatch.fnmatchcase(name, path) for path in files
    )
