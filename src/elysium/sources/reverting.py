"""What reverting commits gives, tried in a throw-away clone: the repository itself, its index too, is only read.

The clone borrows the objects of the repository, has none of its configuration but the addresses of its remotes, and
none of the user's: no filter, no merge driver and no hook takes part.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.sources import git, revision
from elysium.sources.cache import Cache
from elysium.sources.history import Commit

__all__ = ["Conflict", "Reverted", "reverted"]

_ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_EDITOR": "true",
    **{
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "Elysium"), ("EMAIL", "elysium@localhost"), ("DATE", "2000-01-01T00:00:00Z"))
    },
}

_BYTES = "* -text -ident -filter -working-tree-encoding\n"
"""Attributes with which a file is checked out as the bytes that it has in git; they win over those of the tree."""


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A commit that cannot be reverted as it is: later changes touch the same lines of these files."""

    commit: Commit
    files: tuple[str, ...]


class Reverted(msgspec.Struct, frozen=True, kw_only=True):
    """The clone with the outcome as a commit of its own; both ids are empty when there was a conflict."""

    directory: Path
    commit: str = ""
    tree: str = ""
    conflict: Conflict | None = None


@contextlib.contextmanager
def reverted(
    path: Path | str, commits: Sequence[Commit], cache: Cache, head: str = "HEAD", keep: str = ""
) -> Iterator[Reverted]:
    """The repository at `head` with these commits reverted, in this order. The clone goes with the context.

    The file `keep` stays as it is at `head`, whatever the commits did to it.
    """
    start = revision.resolve(path, head)[0]
    with cache.staging() as staging:
        clone = staging / "clone"
        try:
            _clone(path, clone, start)
            yield _revert(clone, start, commits, keep)
        except git.GitError as error:
            hint = "a shallow or partial clone may lack what reverting needs: `git fetch --unshallow`, `--refetch`"
            raise RepositoryError(
                f"trying the rollback failed: {error.message}", subject=str(path), hint=hint
            ) from error


def _clone(path: Path | str, clone: Path, start: str) -> None:
    algorithm = "sha256" if len(start) == 64 else "sha1"
    clone.mkdir()
    _git(clone, "init", "--quiet", "--template=", f"--object-format={algorithm}", ".")
    information = clone / ".git" / "objects" / "info"
    information.mkdir(exist_ok=True)
    (information / "alternates").write_text(f"{_place(path, 'objects')}\n", encoding="utf-8")
    (clone / ".git" / "info").mkdir(exist_ok=True)
    (clone / ".git" / "info" / "attributes").write_text(_BYTES, encoding="utf-8")
    shallow = _place(path, "shallow")
    if shallow.is_file():
        (clone / ".git" / "shallow").write_bytes(shallow.read_bytes())
    for number, address in enumerate(_remotes(path)):
        _git(clone, "config", f"remote.remote{number}.url", address)
    _git(clone, "checkout", "--quiet", "--detach", start)


def _place(path: Path | str, name: str) -> Path:
    """A file or directory of the repository's git directory."""
    return (Path(path) / git.text(path, "rev-parse", "--git-path", name)).resolve()


def _remotes(path: Path | str) -> list[str]:
    """The addresses of the remotes: what Flux fetches from one of them is this repository."""
    try:
        lines = git.text(path, "config", "--get-regexp", r"^remote\..*\.url$").splitlines()
    except git.GitError:
        return []
    return [line.split(" ", 1)[1] for line in lines if " " in line]


def _revert(clone: Path, start: str, commits: Sequence[Commit], keep: str) -> Reverted:
    for commit in commits:
        mainline = ("--mainline", "1") if commit.merges else ()
        try:
            _git(clone, "revert", "--no-commit", *mainline, commit.id)
        except git.GitError:
            unmerged = _unmerged(clone)
            if not unmerged:
                raise
            if files := tuple(name for name in unmerged if name != keep):
                return Reverted(directory=clone, conflict=Conflict(commit=commit, files=files))
        if keep in commit.files:
            _restore(clone, start, keep)
    tree = _git(clone, "write-tree")
    made = _git(clone, "commit-tree", tree, "-p", start, "-m", "Roll back")
    _git(clone, "update-ref", "--no-deref", "HEAD", made)
    return Reverted(directory=clone, commit=made, tree=tree)


def _restore(clone: Path, start: str, name: str) -> None:
    """Put a file back as a commit has it; one that it does not have goes."""
    if _git(clone, "--literal-pathspecs", "ls-tree", "--name-only", "--full-tree", start, "--", name):
        _git(clone, "--literal-pathspecs", "checkout", "--quiet", start, "--", name)
    else:
        _git(clone, "--literal-pathspecs", "rm", "--quiet", "--force", "--ignore-unmatch", "--", name)


def _unmerged(clone: Path) -> tuple[str, ...]:
    lines = git.names(git.run(clone, "ls-files", "--unmerged", "-z", variables=_ALONE))
    return tuple(sorted({line.partition("\t")[2] for line in lines}))


def _git(clone: Path, *arguments: str) -> str:
    return os.fsdecode(git.run(clone, *arguments, variables=_ALONE)).rstrip("\n")
