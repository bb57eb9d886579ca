"""Directories for work in progress, each with a lock beside it while whoever works in it lives; the next one removes
the dead.

The lock is a file of its own: what works in a directory may lock the directory itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["Staged", "remove_dead"]

_SUFFIX = ".lock"


class Staged:
    """A fresh directory below `parent`, locked until it is given up. Nobody may call `remove_dead` meanwhile."""

    def __init__(self, parent: Path) -> None:
        self.path = Path(tempfile.mkdtemp(dir=parent))
        self._lock = self.path.with_name(self.path.name + _SUFFIX)
        self._descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with contextlib.suppress(OSError):  # without locks only age tells what is dead: `elysium cache prune`
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def give_up(self) -> None:
        """Remove the directory, unless it was moved away."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.unlink(missing_ok=True)
        os.close(self._descriptor)


def remove_dead(parent: Path) -> None:
    """Remove what processes left that were killed: the kernel has freed their locks."""
    for lock in parent.glob(f"tmp*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.with_name(lock.name.removesuffix(_SUFFIX)), ignore_errors=True)
                lock.unlink(missing_ok=True)
            finally:
                os.close(descriptor)
