"""The tree of any git revision, without touching the checkout.

Blobs are read by id, so neither `.gitattributes` (`export-ignore`, `export-subst`) nor a smudge filter has a say:
source-controller clones, it does not archive. Symbolic links that lead to a file of the same tree become that file.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError, SourceError
from elysium.sources import git, stored
from elysium.sources.cache import Cache
from elysium.sources.content import LARGE
from elysium.sources.tree import Tree

__all__ = ["Listed", "extract", "extract_listed", "listing", "merge_base", "open_revision", "resolve", "sizes"]

_OBJECT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_LINK_HOPS = 40
_CONTENT_HINT = "fetch what is missing first (a partial clone keeps no contents: `git fetch --refetch`)"


def open_revision(path: Path | str, revision: str, cache: Cache) -> Tree:
    """The tree of `revision` in the repository around `path`; extracted once into the cache."""
    commit = resolve(path, revision)[0]
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    name = f"{algorithm}:{commit}" if commit.startswith(revision) else f"{revision}@{algorithm}:{commit}"
    found = stored.load(cache, "trees", extract(path, commit, cache), name)
    if found is None:
        raise SourceError("the extracted revision cannot be read", subject=revision, hint="run `elysium cache verify`")
    return found


def extract(path: Path | str, revision: str, cache: Cache) -> str:
    """Make sure that the tree of a revision is in the cache's `trees/`; its name there."""
    oid = resolve(path, revision)[1]
    if stored.load(cache, "trees", oid) is None:
        extract_listed(path, _list(path, oid), oid, cache)
    return oid


def resolve(path: Path | str, revision: str) -> tuple[str, str]:
    """The commit id and the tree id of a revision; RepositoryError if it names no commit."""
    if not revision or revision.startswith("-") or "\0" in revision:
        raise RepositoryError(f"{revision!r} is not a revision", subject=str(path), hint=_REVISION_HINT)
    try:
        lines = git.text(
            path, "rev-parse", "--end-of-options", f"{revision}^{{commit}}", f"{revision}^{{tree}}"
        ).split()
    except git.GitError as error:
        if "not a git repository" in error.message:
            hint = "revisions need a git checkout"
            raise RepositoryError("this is not a git repository", subject=str(path), hint=hint) from error
        message = f"there is no revision {revision!r}"
        raise RepositoryError(message, subject=str(path), hint=_REVISION_HINT) from error
    commit, oid = [line for line in lines if _OBJECT.fullmatch(line)]
    return commit, oid


_REVISION_HINT = (
    "name a commit, branch or tag that `git rev-parse` knows; in a shallow clone fetch more history first "
    "(`git fetch --unshallow`)"
)


def merge_base(path: Path | str, first: str, second: str) -> str:
    """The commit from which two revisions went separate ways."""
    one, two = resolve(path, first)[0], resolve(path, second)[0]
    try:
        return git.text(path, "merge-base", one, two)
    except git.GitError as error:
        message = f"{first} and {second} have no common history here"
        raise RepositoryError(message, subject=str(path), hint=_REVISION_HINT) from error


class Listed(msgspec.Struct, frozen=True):
    """A file of a tree or of the index: its blob, the size of that, and whether it is a symbolic link."""

    path: str
    blob: str
    size: int
    link: bool


def listing(path: Path | str, revision: str) -> dict[str, str]:
    """The blob ids of the files of a revision, by path."""
    return {entry.path: entry.blob for entry in _list(path, resolve(path, revision)[1])}


def sizes(path: Path | str, blobs: list[str]) -> dict[str, int]:
    """The sizes of blobs by id; those that are not there have none."""
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{blob}\n" for blob in blobs).encode())
        asked.seek(0)
        output = git.finish(git.start(path, "cat-file", "--batch-check", "--buffer", stdin=asked.fileno()))
    answers = (line.split() for line in output.decode().splitlines())
    return {answer[0]: int(answer[2]) for answer in answers if len(answer) == 3 and answer[1] == "blob"}


def extract_listed(path: Path | str, listed: list[Listed], name: str, cache: Cache) -> None:
    """Put the contents of listed files into the cache's `trees/`, under `name`."""
    with cache.staging() as staging:
        writer = stored.TreeWriter(staging, f"tree {name[:12]}")
        wanted = [entry for entry in listed if entry.size <= LARGE]
        for entry in listed:
            if entry.size > LARGE and not entry.link:
                writer.write_hole(entry.path, entry.size, entry.blob)
        targets: dict[str, str] = {}
        for entry, data in zip(wanted, _blobs(path, wanted, staging), strict=True):
            if entry.link:
                targets[entry.path] = data.decode("utf-8", "replace")
            else:
                writer.write(entry.path, data, entry.blob)
        _write_links(targets, writer)
        stored.store(cache, "trees", name, writer)


def _list(path: Path | str, oid: str) -> list[Listed]:
    listed = []
    try:
        output = git.run(path, "ls-tree", "-r", "-z", "-l", "--full-tree", oid)
    except git.GitError as error:
        raise RepositoryError(error.message, subject=str(path), hint=_CONTENT_HINT) from error
    for line in git.names(output):
        meta, _, name = line.partition("\t")
        mode, kind, blob, size = meta.split()
        if kind == "blob":
            listed.append(Listed(name, blob, int(size), mode == "120000"))
    return listed


def _blobs(path: Path | str, entries: list[Listed], staging: Path) -> Iterator[bytes]:
    """The contents of the entries, in order, from one process. It reads the ids from a file: no pipe can fill up."""
    asked = staging / "ids"
    asked.write_text("".join(f"{entry.blob}\n" for entry in entries))
    with asked.open("rb") as ids, git.start(path, "cat-file", "--batch", "--buffer", stdin=ids.fileno()) as process:
        answers = process.stdout
        for entry in entries:
            head = answers.readline().split() if answers else []
            if len(head) != 3 or answers is None:
                message = f"the content of {entry.path} is not there"
                raise RepositoryError(message, subject=str(path), hint=_CONTENT_HINT)
            data = answers.read(int(head[2]))
            answers.read(1)
            yield data
    asked.unlink()


def _write_links(targets: dict[str, str], writer: stored.TreeWriter) -> None:
    """Put the content in place of each link that leads to a file of the tree; the others are left out."""
    for path in sorted(targets):
        target = _follow(path, targets)
        data = writer.read(target) if target and target not in writer.links else None
        if data is not None:
            writer.write(path, data, writer.files[target])
            writer.links.append(path)


def _follow(path: str, targets: dict[str, str]) -> str:
    """Where a link ends inside the tree, or the empty string if it leaves the tree or runs in a circle."""
    pending = path.split("/")
    done: list[str] = []
    hops = 0
    while pending:
        part = pending.pop(0)
        if part == ".." and not done:
            return ""
        if part == "..":
            done.pop()
        elif part not in ("", "."):
            done.append(part)
        target = targets.get("/".join(done))
        if target is not None and part not in ("", ".", ".."):
            hops += 1
            if target.startswith("/") or hops > _LINK_HOPS:
                return ""
            done.pop()
            pending = target.split("/") + pending
    return "/".join(done)
