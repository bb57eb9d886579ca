"""Look after the cache: what it holds, what may go, and whether everything is as it was put there."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.kit import digests
from elysium.sources import records, stored
from elysium.sources.cache import Cache, guarded

__all__ = ["CacheInfo", "Pruned", "SectionInfo", "Verified", "info", "prune", "verify"]

_KEPT = ("locks",)
_STALE = 3600.0


class SectionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the cache."""

    name: str
    entries: int
    bytes: int


class CacheInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Where the cache is and what it holds."""

    directory: str
    sections: tuple[SectionInfo, ...]

    @property
    def bytes(self) -> int:
        return sum(section.bytes for section in self.sections)


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed."""

    entries: int
    bytes: int


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries were compared with their digests, and what is wrong with which."""

    entries: int
    broken: tuple[str, ...]


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    section: str
    path: Path
    bytes: int
    used: float


def info(cache: Cache) -> CacheInfo:
    """Count what is there; an absent cache holds nothing."""
    found: dict[str, list[_Entry]] = {}
    for entry in _entries(cache):
        found.setdefault(entry.section, []).append(entry)
    sections = tuple(
        SectionInfo(name=name, entries=len(entries), bytes=sum(entry.bytes for entry in entries))
        for name, entries in sorted(found.items())
    )
    return CacheInfo(directory=str(cache.directory), sections=sections)


def prune(cache: Cache, *, older_than: float | None = None, size: int | None = None) -> Pruned:
    """Remove what was not used for `older_than` seconds, then the least recently used until `size` bytes are left.

    What an interrupted run left in `staging/` goes too, and records whose content is gone. Runs that are under way may
    have to fetch or extract again, but see nothing broken.
    """
    now = time.time()
    left = sorted(_entries(cache), key=lambda entry: entry.used)
    gone = [entry for entry in left if entry.section == "staging" and now - entry.used > _STALE]
    if older_than is not None:
        gone += [entry for entry in left if entry not in gone and now - entry.used >= older_than]
    if size is not None:
        left = [entry for entry in left if entry not in gone]
        total = sum(entry.bytes for entry in left)
        for entry in left:
            if total <= size:
                break
            gone.append(entry)
            total -= entry.bytes
    with guarded(cache.directory):
        for entry in gone:
            _remove(entry.path)
        dangling = [path for path in _files(cache, "records") if _is_dangling(cache, path)]
        for path in dangling:
            _remove(path)
    return Pruned(entries=len(gone) + len(dangling), bytes=sum(entry.bytes for entry in gone))


def verify(cache: Cache) -> Verified:
    """Compare trees, archives and indexes with the digests that they were stored under."""
    broken: list[str] = []
    count = 0
    for section in ("trees", "artifacts"):
        for path in _files(cache, section):
            count += 1
            broken += [f"{section}/{path.name}: {problem}" for problem in stored.problems(path)]
    for section in ("charts", "indexes"):
        for path in _files(cache, section):
            count += 1
            if digests.of_file(path) != path.stem:
                broken.append(f"{section}/{path.name}: it was changed")
    for path in _files(cache, "records"):
        count += 1
        if records.decode(path.read_bytes()) is None:
            broken.append(f"records/{path.name}: it cannot be read")
    return Verified(entries=count, broken=tuple(broken))


def _is_dangling(cache: Cache, path: Path) -> bool:
    record = records.decode(path.read_bytes())
    if record is None:
        return True
    archives = [cache.directory / section / record.file for section in ("charts", "indexes")]
    lost_tree = bool(record.tree) and not (cache.directory / record.tree).is_dir()
    return lost_tree or (bool(record.file) and not any(archive.is_file() for archive in archives))


def _entries(cache: Cache) -> Iterator[_Entry]:
    """Every entry of every section; a file beside the sections counts as one of its own."""
    for path in _files(cache, "."):
        if path.name in _KEPT:
            continue
        inner = _files(cache, path.name) if path.is_dir() else [path]
        for entry in inner:
            with contextlib.suppress(FileNotFoundError):
                used = entry.stat().st_mtime
                name = path.name if path.is_dir() else path.name.partition(".")[0]
                yield _Entry(section=name, path=entry, bytes=_size(entry), used=used)


def _files(cache: Cache, section: str) -> list[Path]:
    directory = cache.directory / section
    with guarded(cache.directory):
        return sorted(directory.iterdir()) if directory.is_dir() else []


def _size(path: Path) -> int:
    """The bytes of a file, or of everything in a directory."""
    if not path.is_dir() or path.is_symlink():
        return path.lstat().st_size
    total = 0
    for directory, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(directory, name).lstat().st_size
    return total


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
