"""Digests of file contents, and the cache that spares reading unchanged files.

A content digest is git's blob id (SHA-1, or SHA-256 in repositories of that format), so that a file in the working
tree, the same file in a commit and the same file in a fetched mirror share whatever was computed from it.
Files over 100 MB are not read: their digest is that of their size and time.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time

import msgspec

from elysium.kit.checksums import checked, unchecked
from elysium.sources.cache import Cache

__all__ = ["LARGE", "StatCache", "blob_digest", "inside", "regular"]

LARGE = 100_000_000
_COARSE = 2_000_000_000
_FINE = 100_000_000


class _Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What identified a file's content when it was read, and the digest that was found."""

    size: int
    modified: int
    changed: int
    inode: int
    digest: str


class _Saved(msgspec.Struct, array_like=True):
    version: int
    algorithm: str
    entries: dict[str, _Entry]


_VERSION = 1
_DECODER = msgspec.msgpack.Decoder(_Saved)


def blob_digest(data: bytes, algorithm: str = "sha1") -> str:
    """The id that git gives to a blob with this content."""
    state = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    state.update(data)
    return state.hexdigest()


class StatCache:
    """Digests by path, believed only while size, times and inode of the file are those of the time it was read.

    As in git's index, an entry whose file changed so shortly before it was read that a second change might have left
    the same times ("racily clean") is not kept.
    """

    def __init__(self, cache: Cache | None, name: str, algorithm: str) -> None:
        self._cache = cache
        self._name = f"{name}.msgpack"
        self._algorithm = algorithm
        self._known = self._load()
        self._kept: dict[str, _Entry] = {}
        self._changed = False

    def digest(self, root: str, path: str, status: os.stat_result) -> str:
        """The digest of the regular file `root`/`path`, whose stat result is `status`; OSError if it cannot be read."""
        known = self._known.get(path)
        if (
            known is not None
            and known.modified == status.st_mtime_ns
            and known.size == status.st_size
            and known.changed == status.st_ctime_ns
            and known.inode == status.st_ino
        ):
            self._kept[path] = known
            return known.digest
        self._changed = True
        digest = self._read(f"{root}/{path}", status)
        if _settled(status, time.time_ns()):
            self._kept[path] = _Entry(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, digest)
        return digest

    def save(self) -> None:
        """Write the entries of the files seen, if they differ from what was loaded. Doing without is only slower."""
        if self._cache is not None and (self._changed or len(self._kept) != len(self._known)):
            saved = _Saved(_VERSION, self._algorithm, self._kept)
            self._cache.try_write("stat", self._name, checked(msgspec.msgpack.encode(saved)))

    def _load(self) -> dict[str, _Entry]:
        data = self._cache.read("stat", self._name) if self._cache is not None else None
        whole = unchecked(data) if data is not None else None
        if whole is None:
            return {}
        try:
            saved = _DECODER.decode(whole)
        except (msgspec.MsgspecError, ValueError):
            return {}
        return saved.entries if (saved.version, saved.algorithm) == (_VERSION, self._algorithm) else {}

    def _read(self, path: str, status: os.stat_result) -> str:
        if status.st_size > LARGE:
            mark = b"%d:%d" % (status.st_size, status.st_mtime_ns)
            return hashlib.new(self._algorithm, b"large " + mark, usedforsecurity=False).hexdigest()
        return blob_digest(_content(path, status.st_size), self._algorithm)


def _content(path: str, size: int) -> bytes:
    """The bytes of a regular file, with as few calls as possible."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        data = os.read(descriptor, size + 1)
        if len(data) == size:
            return data
        pieces = [data]
        while (piece := os.read(descriptor, 1 << 20)) and sum(map(len, pieces)) <= LARGE:
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def _settled(status: os.stat_result, now: int) -> bool:
    """Whether the file last changed long enough ago that another change must show in its times.

    Whole seconds speak for a file system that keeps no finer times.
    """
    last = max(status.st_mtime_ns, status.st_ctime_ns)
    return now - last > (_COARSE if status.st_mtime_ns % 1_000_000_000 == 0 else _FINE)


def regular(root: str, path: str) -> tuple[os.stat_result, bool] | None:
    """The status of a listed file and whether it is a link; None if it is not a regular file inside `root`."""
    full = f"{root}/{path}"
    try:
        status = os.lstat(full)
        if stat.S_ISREG(status.st_mode):
            return status, False
        if not stat.S_ISLNK(status.st_mode) or not inside(root, os.path.realpath(full)):
            return None
        status = os.lstat(os.path.realpath(full))
    except (OSError, ValueError):
        return None
    return (status, True) if stat.S_ISREG(status.st_mode) else None


def inside(root: str, real: str) -> bool:
    """Whether the resolved path `real` lies below `root` (resolved too) and not in its `.git`."""
    below = real.startswith(root.rstrip("/") + "/")
    return below and real[len(root.rstrip("/")) + 1 :].split("/", 1)[0].lower() != ".git"
