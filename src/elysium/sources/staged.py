"""The tree that the next commit would have: what the index of a checkout holds, whatever its files say by now.

Only reading git commands take part, so the user's `.git` stays as it is: entries and blobs are read by id and put into
a private directory. A commit with paths (`git commit FILE`, `git commit -a`) builds an index of its own and names it to
its hooks in GIT_INDEX_FILE; that one is meant then.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from elysium.errors import RepositoryError
from elysium.kit import digests
from elysium.sources import git, revision, stored
from elysium.sources.cache import Cache
from elysium.sources.revision import Listed
from elysium.sources.tree import Tree
from elysium.sources.working import checkout_root

__all__ = ["open_staged"]


def open_staged(path: Path | str, cache: Cache) -> Tree:
    """The staged tree of the checkout around `path`, extracted into `cache`. Raises RepositoryError during a merge with
    conflicts, and outside a checkout.
    """
    root = checkout_root(Path(path).resolve())
    if root is None:
        hint = "only a git checkout has staged files"
        raise RepositoryError("this is not a git repository", subject=str(path), hint=hint)
    listed = _entries(root)
    name = digests.of_listing((entry.path, entry.blob) for entry in listed)
    revision.extract_listed(root, listed, name, cache)
    found = stored.load(cache, "trees", name)
    if found is None:
        raise RepositoryError("the staged files cannot be read", subject=str(root), hint="run `git fsck`")
    head = _head(root)
    changed = not head or revision.listing(root, "HEAD") != {entry.path: entry.blob for entry in listed}
    return msgspec.structs.replace(found, revision=head, dirty=changed)


def _entries(root: Path) -> list[Listed]:
    """The files of the index with their sizes; submodules are no files."""
    try:
        lines = git.names(git.run(root, "ls-files", "-s", "-z", variables=_index(root)))
    except git.GitError as error:
        hint = "check the repository with `git status`"
        raise RepositoryError(error.message, subject=str(root), hint=hint) from error
    found: list[tuple[str, str, bool]] = []
    for line in lines:
        meta, _, name = line.partition("\t")
        mode, blob, stage = meta.split()
        if stage != "0":
            raise RepositoryError("it has conflicts", subject=name, hint="solve them and stage the file (`git add`)")
        if mode != "160000":
            found.append((name, blob, mode == "120000"))
    sizes = revision.sizes(root, [blob for _, blob, _ in found])
    return [Listed(name, blob, sizes.get(blob, 0), link) for name, blob, link in found]


def _index(root: Path) -> dict[str, str]:
    """The index that a running commit has made for its hooks, if it is one of this checkout."""
    named = os.environ.get("GIT_INDEX_FILE")
    if not named:
        return {}
    place = (root / named).resolve()
    own = Path(git.text(root, "rev-parse", "--absolute-git-dir")).resolve()
    return {"GIT_INDEX_FILE": str(place)} if place.is_relative_to(own) and place.is_file() else {}


def _head(root: Path) -> str:
    """The revision that the staged changes start from, as Flux writes it; empty before the first commit."""
    try:
        commit, branch = git.text(root, "rev-parse", "HEAD", "--abbrev-ref", "HEAD").split()
    except (git.GitError, ValueError):
        return ""
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    return f"{algorithm}:{commit}" if branch == "HEAD" else f"{branch}@{algorithm}:{commit}"
