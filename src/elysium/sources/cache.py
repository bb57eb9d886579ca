"""The cache: one private directory in which everything appears whole or not at all.

Layout: `trees/` (extracted revisions), `artifacts/` (fetched and generated trees), `charts/` (archives), `records/`
(what was fetched for which request), `git/` (mirrors), `stat/` (digests of working trees), `staging/` (work in
progress, never read), `locks/`. Other packages may keep sections of their own (`section`). Two runs share it safely:
every entry is made in `staging/` and moved into place by one rename; what a process leaves there that dies is removed
by the next one.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from elysium.errors import SourceError
from elysium.kit import files
from elysium.sources.staging import Staged, remove_dead

__all__ = ["Cache", "default_directory", "guarded"]

_OCCUPIED = (errno.EEXIST, errno.ENOTEMPTY, errno.EISDIR, errno.ENOTDIR)


def default_directory() -> Path:
    """`$ELYSIUM_CACHE`, else `$XDG_CACHE_HOME/elysium`, else `~/.cache/elysium`."""
    if chosen := os.environ.get("ELYSIUM_CACHE"):
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "elysium"


class Cache:
    """One cache directory. Nothing is touched before the first use."""

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = (directory or default_directory()).absolute()

    def section(self, name: str) -> Path:
        """The directory of a section, made with access for its owner only."""
        path = self.directory / name
        if not path.is_dir():
            with guarded(self.directory):
                self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.mkdir(mode=0o700, exist_ok=True)
        return path

    def read(self, section: str, name: str) -> bytes | None:
        """An entry's bytes, or None if there is none (or it cannot be read: a cache may always be empty)."""
        try:
            return (self.directory / section / name).read_bytes()
        except OSError:
            return None

    def write(self, section: str, name: str, data: bytes) -> None:
        """Make or replace an entry in one step."""
        with guarded(self.directory):
            files.write_atomically(self.section(section) / name, data)

    def try_write(self, section: str, name: str, data: bytes) -> bool:
        """As `write`, where doing without the entry is only slower: False instead of an error."""
        try:
            self.write(section, name, data)
        except SourceError:
            return False
        return True

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """A fresh directory for work in progress, removed at the end unless it was published."""
        with self.lock("staging"), guarded(self.directory):
            remove_dead(self.section("staging"))
            staged = Staged(self.section("staging"))
        try:
            with guarded(self.directory):
                yield staged.path
        finally:
            staged.give_up()

    def publish(self, staged: Path, section: str, name: str) -> Path:
        """Move a finished file or directory to its place. If another run was faster, its entry (as good) stays."""
        target = self.section(section) / name
        with guarded(self.directory):
            try:
                staged.rename(target)
            except OSError as error:
                if error.errno not in _OCCUPIED or not target.exists():
                    raise
        return target

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the lock `name` against other runs."""
        with contextlib.ExitStack() as stack:
            with guarded(self.directory):
                stack.enter_context(files.locked(self.section("locks") / name))
            yield


@contextlib.contextmanager
def guarded(directory: Path) -> Iterator[None]:
    """Turn what the file system refuses into a SourceError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = "free some space, or run `elysium cache prune`, or set ELYSIUM_CACHE to a directory with more room"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR):
            hint = "set ELYSIUM_CACHE to a directory that you may write"
        else:
            hint = "check the disk, or set ELYSIUM_CACHE to another directory"
        reason = error.strerror or str(error)
        raise SourceError(f"the cache cannot be used: {reason}", subject=str(directory), hint=hint) from error
