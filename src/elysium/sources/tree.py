"""A tree: the closed list of files that a reference stands for, each with a digest of its content."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from elysium.kit import digests

__all__ = ["Tree", "make"]


class Tree(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Files below `root` with their content digests, sorted by path; what is not listed does not exist.

    `digest` covers the listing and the contents. `revision` is written as Flux writes it (`main@sha1:…`), empty for a
    plain folder. `dirty` says that the files differ from that revision. `links` are the listed paths that are symbolic
    links in the repository: source-controller leaves them out of an artifact (see `without_links`).
    """

    root: str
    files: Mapping[str, str]
    digest: str
    revision: str = ""
    dirty: bool = False
    links: tuple[str, ...] = ()

    @cached_property
    def paths(self) -> list[str]:
        """The paths in order, for searching."""
        return list(self.files)

    @cached_property
    def _under(self) -> dict[str, str]:
        return {}

    def below(self, prefix: str) -> list[str]:
        """The paths of the files in directory `prefix` and deeper, in order (`""` and `"."` are the root)."""
        directory = _directory(prefix)
        if not directory:
            return self.paths
        start = bisect_left(self.paths, directory)
        return self.paths[start : bisect_left(self.paths, directory[:-1] + "0", start)]

    def under(self, prefix: str) -> str:
        """A digest of the listing and contents in directory `prefix` and deeper; an absent directory has one too."""
        directory = _directory(prefix)
        if not directory:
            return self.digest
        known = self._under.get(directory)
        if known is None:
            known = digests.of_listing((path, self.files[path]) for path in self.below(directory))
            self._under[directory] = known
        return known

    def has_directory(self, path: str) -> bool:
        """Whether some file lies in directory `path` or deeper."""
        directory = _directory(path)
        if not directory:
            return bool(self.files)
        start = bisect_left(self.paths, directory)
        return start < len(self.paths) and self.paths[start].startswith(directory)

    def without_links(self) -> Tree:
        """The tree as source-controller packs it: symbolic links are not part of an artifact."""
        if not self.links:
            return self
        links = frozenset(self.links)
        return self.select(path for path in self.files if path not in links)

    def select(self, paths: Iterable[str]) -> Tree:
        """The same tree with only these paths (those that are not in it are passed over)."""
        wanted = frozenset(paths)
        kept = {path: digest for path, digest in self.files.items() if path in wanted}
        links = tuple(link for link in self.links if link in wanted)
        return make(self.root, kept, revision=self.revision, dirty=self.dirty, links=links)


def make(
    root: str, files: Mapping[str, str], *, revision: str = "", dirty: bool = False, links: tuple[str, ...] = ()
) -> Tree:
    """A tree of `files`, put in order, with its digest."""
    ordered = dict(sorted(files.items()))
    digest = digests.of_listing(ordered.items())
    return Tree(root=root, files=ordered, digest=digest, revision=revision, dirty=dirty, links=links)


def _directory(prefix: str) -> str:
    """`./apps//base` as `apps/base/`; the root as the empty string."""
    normal = posixpath.normpath(prefix.strip("/")) if prefix.strip("/") else "."
    return "" if normal == "." else normal + "/"
