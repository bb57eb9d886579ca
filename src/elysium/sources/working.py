"""The tree that a directory holds now: a git checkout with its uncommitted work, or a plain folder."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from pathlib import Path

from elysium.errors import RepositoryError
from elysium.kit import digests
from elysium.sources import content, git, tree
from elysium.sources.cache import Cache
from elysium.sources.tree import Tree

__all__ = ["checkout_root", "open_folder", "open_working_tree"]

_MOST_FILES = 500_000
_RECORDS = ".elysium"


def open_working_tree(path: Path | str, cache: Cache | None) -> Tree:
    """The files of the checkout around `path` (tracked, and untracked but not ignored), or of the plain folder `path`.

    The root is the checkout's top level even if `path` is deeper, since Flux's artifact is the whole repository. A
    directory that its checkout ignores counts as a plain folder. Without git, the folder that components were written
    into (it has `.elysium`) is the whole.
    """
    directory = _directory(path)
    root = checkout_root(directory)
    if root is None:
        return open_folder(_written_folder(directory) or directory, cache)
    working = _Checkout(root).tree(cache)
    if directory != root and not working.has_directory(directory.relative_to(root).as_posix()):
        return open_folder(directory, cache)
    return working


def open_folder(path: Path | str, cache: Cache | None) -> Tree:
    """Every regular file below `path`, git or not (but for `.git` itself). Links to directories are not followed."""
    root = str(_directory(path))
    known = content.StatCache(cache, digests.of_parts("folder", root), "sha1")
    return _read(root, _walk(root), known)


def checkout_root(path: Path | str) -> Path | None:
    """The top level of the checkout around `path`; None if there is none."""
    directory = Path(path)
    if not any((parent / ".git").exists() for parent in (directory, *directory.parents)):
        return None
    try:
        return Path(git.text(directory, "rev-parse", "--show-toplevel")).resolve()
    except git.GitError as failure:
        if "not a git repository" in failure.message:
            return None
        hint = "name a checkout's directory, or a plain folder"
        raise RepositoryError(failure.message, subject=str(directory), hint=hint) from failure


def _written_folder(directory: Path) -> Path | None:
    """The nearest folder around one that `elysium new` writes into."""
    return next((folder for folder in directory.parents if (folder / _RECORDS).is_dir()), None)


class _Checkout:
    """The questions to git about one checkout, asked at the same time."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        listing = git.start(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        head = git.start(root, "rev-parse", "HEAD", "--abbrev-ref", "HEAD")
        committed = git.start(root, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
        self.head = _lines(head)
        try:
            self.paths = git.names(git.finish(listing))
        except git.GitError as failure:
            hint = "check the repository with `git status`"
            raise RepositoryError(failure.message, subject=self.root, hint=hint) from failure
        finally:
            self.committed = _listing(committed)

    def tree(self, cache: Cache | None) -> Tree:
        algorithm = "sha256" if self.head and len(self.head[0]) == 64 else "sha1"
        known = content.StatCache(cache, digests.of_parts("checkout", self.root), algorithm)
        found = _read(self.root, self._existing(), known)
        return tree.make(
            self.root, found.files, revision=self._revision(), dirty=self._is_dirty(found), links=found.links
        )

    def _existing(self) -> Iterator[str]:
        """The paths whose directories are real: a link in place of a tracked directory may lead anywhere."""
        real: dict[str, bool] = {"": True}
        last, is_real = "", True
        for path in self.paths:
            directory = path.rpartition("/")[0]
            if directory != last:
                last, is_real = directory, _is_real(self.root, directory, real)
            if is_real:
                yield path

    def _revision(self) -> str:
        if not self.head:
            return ""
        commit, branch = (*self.head, "HEAD")[:2]
        algorithm = "sha256" if len(commit) == 64 else "sha1"
        return f"{algorithm}:{commit}" if branch == "HEAD" else f"{branch}@{algorithm}:{commit}"

    def _is_dirty(self, found: Tree) -> bool:
        """Whether the files differ from HEAD. What a content filter rewrites (CRLF, LFS) counts as different."""
        links = frozenset(found.links)
        for path, digest in found.files.items():
            if path not in self.committed or (path not in links and self.committed[path] != digest):
                return True
        return any(not os.path.lexists(f"{self.root}/{path}") for path in self.committed.keys() - found.files.keys())


def _read(root: str, paths: Iterator[str], known: content.StatCache) -> Tree:
    files: dict[str, str] = {}
    links: list[str] = []
    for path in paths:
        found = content.regular(root, path)
        if found is None:
            continue
        try:
            files[path] = known.digest(root, path, found[0])
        except FileNotFoundError:
            continue
        except OSError as error:
            hint = "make the file readable, or let git ignore it"
            raise RepositoryError(error.strerror or str(error), subject=f"{root}/{path}", hint=hint) from error
        if found[1]:
            links.append(path)
    known.save()
    return tree.make(root, files, links=tuple(sorted(links)))


def _walk(root: str) -> Iterator[str]:
    pending = [""]
    count = 0
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(f"{root}/{prefix}") as entries:
                listed = list(entries)
        except OSError as error:
            hint = "make the directory readable"
            raise RepositoryError(error.strerror or str(error), subject=f"{root}/{prefix}", hint=hint) from error
        for entry in listed:
            if not git.is_text(os.fsencode(entry.name)):
                continue
            if not entry.is_dir(follow_symlinks=False):
                count += 1
                yield prefix + entry.name
            elif entry.name != ".git":
                pending.append(f"{prefix}{entry.name}/")
        if count > _MOST_FILES:
            hint = "name the repository's directory, or make it a git checkout that ignores what does not belong to it"
            raise RepositoryError(f"more than {_MOST_FILES:,} files", subject=root, hint=hint)


def _is_real(root: str, directory: str, real: dict[str, bool]) -> bool:
    known = real.get(directory)
    if known is None:
        parent = _is_real(root, posixpath.dirname(directory), real)
        known = real[directory] = parent and stat.S_ISDIR(_mode(f"{root}/{directory}"))
    return known


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def _directory(path: Path | str) -> Path:
    try:
        directory = Path(path).resolve()
    except OSError as error:
        raise RepositoryError(error.strerror or str(error), subject=str(path), hint="name a directory") from error
    if directory.is_file():
        directory = directory.parent
    if not directory.is_dir():
        hint = "name the directory of a GitOps repository, or run the command inside one"
        raise RepositoryError("there is no such directory", subject=str(path), hint=hint)
    return directory


def _lines(process: git.Process) -> list[str]:
    """The lines of an answer that may fail: a repository without a commit has no HEAD."""
    try:
        return os.fsdecode(git.finish(process)).split()
    except git.GitError:
        return []


def _listing(process: git.Process) -> dict[str, str]:
    """Blob ids by path of the answer of `git ls-tree`."""
    try:
        output = git.finish(process)
    except git.GitError:
        return {}
    listed: dict[str, str] = {}
    for line in git.names(output):
        meta, _, path = line.partition("\t")
        mode, _, blob = meta.split(" ", 2)
        if mode != "160000":
            listed[path] = blob
    return listed
