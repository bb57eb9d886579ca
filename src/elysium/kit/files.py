"""Files that are read without waiting and written whole or not at all, advisory locks, joins that stay below a root."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["join_inside", "locked", "locked_directory", "read_regular", "write_atomically"]

_PATIENCE = 10.0


def read_regular(path: Path, most: int) -> bytes:
    """A regular file; of one that has more than `most` bytes, the first `most` + 1.

    Raises OSError for a link, which may lead anywhere, and for pipes and devices, which may block or never end.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "this is a link, and links are not followed", str(path)) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "this is no regular file", str(path))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most + 1)


def write_atomically(path: Path, data: bytes, mode: int = 0o600, *, fresh: bool = False) -> None:
    """Replace `path` by `data` in one step: a reader sees the old content or the new, never a part of it.

    With `fresh`, a file that is there stays, and FileExistsError is raised.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        if fresh:
            os.link(temporary, path, follow_symlinks=False)
            temporary.unlink()
        else:
            temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an advisory lock named by a file. The kernel frees it when the process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked_directory(path: Path) -> Iterator[None]:
    """Hold an advisory lock on a directory itself, so that nothing is left in it. Raises TimeoutError after a while."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _taken(descriptor):
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, "another run writes here", str(path))
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def join_inside(root: Path, relative: str) -> Path:
    """`root / relative` with every link resolved; ValueError when that leaves `root` or is no relative path."""
    if relative.startswith(("/", "\\")) or "\0" in relative:
        raise ValueError(f"{relative!r} is not a relative path")
    base = root.resolve()
    path = (base / relative).resolve()
    if path != base and base not in path.parents:
        raise ValueError(f"{relative!r} leads out of {root}")
    return path
