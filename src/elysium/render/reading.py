"""Whether what a cached answer has read is still the same: files, directory listings, and what was not there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from elysium.render.answers import ReadSet
from elysium.sources.tree import Tree

__all__ = ["TreeReadings"]


class TreeReadings:
    """Digests of the parts of one tree, computed when they are asked for."""

    def __init__(self, tree: Tree) -> None:
        self._files = tree.files
        self._children: dict[str, list[str]] | None = None
        self._listings: dict[str, str] = {}

    def digest(self, read: ReadSet) -> str:
        """One digest over everything that an answer has read; equal digests mean that the answer still holds."""
        digest = hashlib.sha256()
        for path in read.files or ():
            digest.update(f"f{path}\0{self._files.get(path, '')}\n".encode())
        for path in read.directories or ():
            digest.update(f"d{path}\0{self._listing(path)}\n".encode())
        for path in read.absent or ():
            digest.update(f"a{path}\0{self._exists(path)}\n".encode())
        return digest.hexdigest()

    def _exists(self, path: str) -> bool:
        return path in self._files or path in self._tree()

    def _listing(self, path: str) -> str:
        known = self._listings.get(path)
        if known is None:
            names = self._tree().get("" if path == "." else path, [])
            known = hashlib.sha256("\0".join(names).encode()).hexdigest()[:16]
            self._listings[path] = known
        return known

    def _tree(self) -> dict[str, list[str]]:
        if self._children is None:
            self._children = _children(self._files)
        return self._children


def _children(paths: Iterable[str]) -> dict[str, list[str]]:
    """Directory → names of what lies directly in it; directories end in a slash."""
    children: dict[str, list[str]] = {"": []}
    for path in paths:
        parent, _, name = path.rpartition("/")
        child = name
        while True:
            known = children.get(parent)
            if known is not None:
                known.append(child)
                break
            children[parent] = [child]
            parent, _, name = parent.rpartition("/")
            child = name + "/"
    return children


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """A cached answer: what it has read, the digest of that, and the answer itself."""

    read: ReadSet
    digest: str
    answer: bytes
    apis: str = ""
