"""Which commits carried a plan out: those that say so, or else those that touch the files of its items."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Collection
from pathlib import Path

import msgspec

from elysium.errors import PlanError
from elysium.plans.types import Plan
from elysium.sources import Cache
from elysium.sources.history import Commit, commits_between, uncommitted
from elysium.sources.working import checkout_root

__all__ = ["TRAILER", "PlanCommits", "files_of", "plan_commits"]

TRAILER = "Plan"
"""The trailer with which a commit says to which plan it belongs: `Plan: NAME`."""


class PlanCommits(msgspec.Struct, frozen=True, kw_only=True):
    """What was done for a plan since its base. `commits` are to be reverted in their order, newest first.

    `by` says how they were found (`trailer`, `files`, empty when there are none). `others` are the rest since the base.
    `changed` and `new` are files of the plan that are not committed; `foreign` are files that are not of the plan.
    Files are named from the top of the checkout, in which the repository lies at `place` (empty: it is all of it).
    `document` is the plan itself, which stays whatever the commits did to it.
    """

    base: str
    head: str
    commits: tuple[Commit, ...] = ()
    by: str = ""
    others: tuple[Commit, ...] = ()
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    place: str = ""
    document: str = ""

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
    place = _place(root)
    files, document = tuple(f"{place}{name}" for name in files_of(plan)), _document(plan, root, place)
    standing = _standing(commits_between(root, plan.base, head))
    candidates = [commit for commit in standing if set(commit.files) != {document}]
    by, chosen = _chosen(plan, candidates, files)
    loose = uncommitted(root, cache)
    mine = {name for name in (*loose.changed, *loose.new) if _is_of(name, files) and name != document}
    return PlanCommits(
        base=plan.base,
        head=head,
        commits=chosen,
        by=by,
        others=tuple(item for item in candidates if item not in chosen),
        changed=tuple(name for name in loose.changed if name in mine),
        new=tuple(name for name in loose.new if name in mine),
        foreign=tuple(name for name in (*loose.changed, *loose.new) if name not in mine and name != document),
        place=place.removesuffix("/"),
        document=document,
    )


def files_of(plan: Plan) -> tuple[str, ...]:
    """What the items deliver: paths, folders or patterns, from the repository's root."""
    found = (name.removeprefix("./") for place in plan.places() for name in place.item.files)
    return tuple(dict.fromkeys(found))


def _place(root: Path) -> str:
    """Where the repository lies in its checkout, with a slash at the end; empty when it is all of it."""
    top = checkout_root(root)
    inside = root.resolve().relative_to(top).as_posix() if top else "."
    return "" if inside == "." else f"{inside}/"


def _document(plan: Plan, root: Path, place: str) -> str:
    """The file of the plan itself, from the top of the checkout; empty where it lies elsewhere.

    The plan may be named from there, or from the repository's root.
    """
    if not plan.path:
        return ""
    top, named = checkout_root(root) or root.resolve(), Path(plan.path)
    found = Path(os.path.normpath((top if plan.path.startswith(place) else root.resolve()) / named))
    return found.relative_to(top).as_posix() if found.is_relative_to(top) else ""


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


def _chosen(plan: Plan, commits: list[Commit], files: tuple[str, ...]) -> tuple[str, tuple[Commit, ...]]:
    """The commits of the plan, and how they were told. A merge stands for its branch only where nothing of that is."""
    said = [commit for commit in commits if plan.name and plan.name in commit.trailer(TRAILER)]
    if said:
        return "trailer", _without_merges(said)
    touching = [commit for commit in commits if any(_is_of(name, files) for name in commit.files)]
    return ("files", _without_merges(touching)) if touching else ("", ())


def _without_merges(commits: list[Commit]) -> tuple[Commit, ...]:
    single = tuple(commit for commit in commits if not commit.merges)
    return single or tuple(commits)


def _is_of(name: str, files: Collection[str]) -> bool:
    """Whether a file is one that the plan delivers, or lies in a folder that it delivers."""
    return any(
        name == path or name.startswith(f"{path.rstrip('/')}/") or fnmatch.fnmatchcase(name, path) for path in files
    )
