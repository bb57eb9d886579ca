"""Trees kept in the cache: a directory `files/` beside a manifest of what belongs there, published by one rename."""

from __future__ import annotations

import contextlib
import os
import posixpath
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.errors import SourceError
from elysium.kit import digests
from elysium.kit.checksums import checked, unchecked
from elysium.sources import tree
from elysium.sources.cache import Cache
from elysium.sources.tree import Tree

__all__ = ["TreeWriter", "load", "problems", "store"]

_MOST_FILES = 200_000
_MOST_BYTES = 2_000_000_000


class _Manifest(msgspec.Struct, frozen=True, array_like=True):
    """What was stored: content digest by path, SHA-256 by path (for `verify`), links, and the whole tree's digest."""

    files: dict[str, str]
    checksums: dict[str, str]
    links: tuple[str, ...]
    digest: str


_DECODER = msgspec.msgpack.Decoder(_Manifest)


class TreeWriter:
    """Writes the files of a tree below a staging directory. Names come from strangers: each is checked before use.

    No link is ever made, no existing file is followed, and sizes and counts are bounded.
    """

    def __init__(self, directory: Path, subject: str) -> None:
        self.root = directory / "files"
        self.root.mkdir()
        self.files: dict[str, str] = {}
        self.checksums: dict[str, str] = {}
        self.links: list[str] = []
        self._subject = subject
        self._bytes = 0
        self._made = {""}

    def write(self, path: str, data: bytes, digest: str) -> None:
        """Write a file; a later one of the same name replaces it."""
        self._count(path, len(data))
        target = self._target(path)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb", closefd=True) as file:
            file.write(data)
        self.files[path] = digest
        self.checksums[path] = digests.of_bytes(data)

    def write_hole(self, path: str, size: int, digest: str) -> None:
        """Make a file of `size` zero bytes that take no room: it stands for content that is too large to matter."""
        self._count(path, 0)
        with self._target(path).open("xb") as file:
            file.truncate(size)
        self.files[path] = digest

    def read(self, path: str) -> bytes | None:
        """What was written under `path`."""
        return (self.root / path).read_bytes() if path in self.files else None

    def _target(self, path: str) -> Path:
        if not is_safe(path):
            raise SourceError(f"the file name {path!r} leads out of its tree", subject=self._subject, hint=_HINT)
        directory = posixpath.dirname(path)
        if directory not in self._made:
            (self.root / directory).mkdir(parents=True, exist_ok=True)
            self._made.add(directory)
        return self.root / path

    def _count(self, path: str, size: int) -> None:
        self._bytes += size
        if self._bytes > _MOST_BYTES or len(self.files) >= _MOST_FILES:
            message = f"more than {_MOST_FILES:,} files or {_MOST_BYTES // 1_000_000:,} MB, reached at {path!r}"
            raise SourceError(message, subject=self._subject, hint=_HINT)


_HINT = "this is no source that Flux would accept; check where it comes from"


def is_safe(path: str) -> bool:
    """Whether `path` is a plain relative path: no empty part, `.`, `..` or `.git`, no NUL or backslash."""
    parts = path.split("/")
    return all(part not in ("", ".", "..") and part.lower() != ".git" for part in parts) and not set(path) & {
        "\0",
        "\\",
    }


def store(cache: Cache, section: str, name: str, writer: TreeWriter) -> None:
    """Publish what a writer wrote in its staging directory."""
    made = tree.make("", writer.files)
    links = tuple(sorted(set(writer.links)))
    manifest = _Manifest(files=dict(made.files), checksums=writer.checksums, links=links, digest=made.digest)
    directory = writer.root.parent
    (directory / "manifest").write_bytes(checked(msgspec.msgpack.encode(manifest)))
    cache.publish(directory, section, name)


def load(cache: Cache, section: str, name: str, revision: str = "") -> Tree | None:
    """A stored tree, or None. What is there but not whole is removed, so that it can be made again."""
    directory = cache.directory / section / name
    manifest = _manifest(directory)
    if manifest is None:
        shutil.rmtree(directory, ignore_errors=True)
        return None
    with contextlib.suppress(OSError):
        os.utime(directory)
    root = str(directory / "files")
    return Tree(root=root, files=manifest.files, digest=manifest.digest, revision=revision, links=manifest.links)


def problems(directory: Path) -> Iterator[str]:
    """What is wrong with the stored tree in `directory`: files that are missing or differ from what was stored."""
    manifest = _manifest(directory)
    if manifest is None:
        yield "the manifest is missing or broken"
        return
    for path, checksum in manifest.checksums.items():
        file = directory / "files" / path
        if not file.is_file() or file.is_symlink():
            yield f"{path} is missing"
        elif digests.of_file(file) != checksum:
            yield f"{path} was changed"


def _manifest(directory: Path) -> _Manifest | None:
    """The manifest of a stored tree, None if it is missing or damaged."""
    try:
        data = unchecked((directory / "manifest").read_bytes())
        return _DECODER.decode(data) if data is not None else None
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
