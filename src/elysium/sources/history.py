"""What happened in a repository since a commit: the commits with the files they touch, and what is not committed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.sources import git, revision
from elysium.sources.cache import Cache
from elysium.sources.working import checkout_root, open_working_tree

__all__ = ["Commit", "Uncommitted", "commits_between", "uncommitted"]

_MOST = 10_000
_START = re.compile(r"\x01(?P<id>[0-9a-f]{40}(?:[0-9a-f]{24})?)")
_REVERTS = re.compile(r"^This reverts commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)", re.MULTILINE)
_TRAILER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*):[ \t]+(\S.*)$", re.MULTILINE)
_FORM = "--format=%x01%H%x00%P%x00%s%x00%b"
_OPTIONS = (
    "-z",
    "--topo-order",
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--diff-merges=first-parent",
    f"--max-count={_MOST}",
)


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """One commit. `reverts` are the commits that it says it reverts, `files` those that differ from its first parent.

    `trailers` are the `Key: value` lines of its message, wherever they stand: a squashed commit has them in its midst.
    """

    id: str
    subject: str
    parents: tuple[str, ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()
    reverts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def merges(self) -> bool:
        """Whether it has more than one parent."""
        return len(self.parents) > 1

    def trailer(self, key: str) -> tuple[str, ...]:
        """The values of a trailer, whatever the case of its key."""
        return tuple(value for name, value in self.trailers if name.lower() == key.lower())


def commits_between(path: Path | str, base: str, head: str = "HEAD") -> tuple[Commit, ...]:
    """The commits that `head` has and `base` has not, children before their parents. RepositoryError if one is none."""
    old, new = revision.resolve(path, base)[0], revision.resolve(path, head)[0]
    try:
        output = git.run(path, "log", _FORM, *_OPTIONS, f"{old}..{new}", "--")
    except git.GitError as error:
        hint = "in a shallow clone fetch more history first (`git fetch --unshallow`)"
        raise RepositoryError(f"the history cannot be read: {error.message}", subject=str(path), hint=hint) from error
    return tuple(_commits(output.decode("utf-8", "surrogateescape").split("\0")))


def _commits(words: list[str]) -> Iterator[Commit]:
    """Each commit is four words and then its files, the first of which follows a line end."""
    place = 0
    while place < len(words):
        started = _START.fullmatch(words[place])
        if started is None or place + 3 >= len(words):
            place += 1
            continue
        parents, subject, body = words[place + 1 : place + 4]
        place += 4
        files = []
        while place < len(words) and _START.fullmatch(words[place]) is None:
            files.append(words[place].removeprefix("\n"))
            place += 1
        yield Commit(
            id=started["id"],
            subject=subject,
            parents=tuple(parents.split()),
            trailers=tuple((key, value.strip()) for key, value in _TRAILER.findall(body)),
            reverts=tuple(_REVERTS.findall(body)),
            files=tuple(name for name in files if name),
        )


class Uncommitted(msgspec.Struct, frozen=True, kw_only=True):
    """Files that are not as in the commit: those that it has, changed or deleted, and those that are new."""

    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def uncommitted(path: Path | str, cache: Cache | None) -> Uncommitted:
    """What is not committed in the checkout around `path`, with files that git does not know yet.

    Contents are compared as they are: what a filter rewrites (CRLF, LFS) counts as different. A plain folder, or a
    repository without a commit, has none.
    """
    root = checkout_root(path)
    if root is None:
        return Uncommitted()
    try:
        committed = revision.listing(root, "HEAD")
    except RepositoryError:
        return Uncommitted()
    found = open_working_tree(root, cache)
    links = frozenset(found.links)
    changed = {
        name
        for name, digest in found.files.items()
        if name in committed and name not in links and committed[name] != digest
    }
    gone = {name for name in committed.keys() - found.files.keys() if not os.path.lexists(root / name)}
    new = found.files.keys() - committed.keys()
    return Uncommitted(changed=tuple(sorted(changed | gone)), new=tuple(sorted(new)))
