"""Directories for work in progress, locked while whoever works in them lives; the next one removes the dead."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["make", "remove_dead"]


def make(parent: Path) -> tuple[Path, int]:
    """A fresh directory, and the descriptor that keeps it locked. Nobody may call `remove_dead` meanwhile."""
    path = Path(tempfile.mkdtemp(dir=parent))
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):  # where locks are missing, only age tells what is dead: `elysium cache prune`
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return path, descriptor


def remove_dead(parent: Path) -> None:
    """Remove what processes left that were killed: the kernel has freed their locks."""
    for path in parent.glob("tmp*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)
