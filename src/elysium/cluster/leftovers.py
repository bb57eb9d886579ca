"""Directories of one run, and what a run that was killed left behind.

A run and its processes keep the run's directory locked (`flock`). The kernel frees the lock when the last of them is
dead, however it died; the next run removes the directories whose lock is free.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.errors import ClusterError

__all__ = ["RunDirectory", "run_directory"]

_RUN = "elysium-run-"
_FRESH = "elysium-new-"
_MAKING = 60.0


class RunDirectory(msgspec.Struct, frozen=True, kw_only=True):
    """An empty directory of one run. Its processes inherit the descriptor `lock`, so that it outlives none of them."""

    path: Path
    lock: int


@contextlib.contextmanager
def run_directory(root: Path | None = None) -> Iterator[RunDirectory]:
    """A fresh directory for one run, removed at the end; those of dead runs are removed first.

    It is made in `root`, or in the system's directory for temporary files. Raises ClusterError when it cannot be made.
    """
    parent = root or Path(tempfile.gettempdir())
    try:
        _remove_dead(parent)
        directory = _make(parent)
    except OSError as error:
        raise ClusterError(
            f"no directory for the rehearsal could be made: {error.strerror}",
            subject=str(parent),
            hint="set TMPDIR to a directory that you may write and that has room",
        ) from error
    try:
        yield directory
    finally:
        shutil.rmtree(directory.path, ignore_errors=True)
        os.close(directory.lock)


def _make(parent: Path) -> RunDirectory:
    """It gets its name when it is locked already, so that no other run can take it for dead in between."""
    fresh = Path(tempfile.mkdtemp(prefix=_FRESH, dir=parent))
    lock = os.open(fresh, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return RunDirectory(path=fresh.rename(parent / fresh.name.replace(_FRESH, _RUN)), lock=lock)
    except BaseException:
        os.close(lock)
        fresh.rmdir()
        raise


def _remove_dead(parent: Path) -> None:
    for path in (*parent.glob(f"{_RUN}*"), *parent.glob(f"{_FRESH}*")):
        with contextlib.suppress(OSError):
            _remove_if_dead(path)


def _remove_if_dead(path: Path) -> None:
    """Only what is ours: in a shared directory, others may make such names, too."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        being_made = path.name.startswith(_FRESH) and time.time() - status.st_mtime < _MAKING
        if status.st_uid == os.getuid() and not being_made:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(descriptor)
