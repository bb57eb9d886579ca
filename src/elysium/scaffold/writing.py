"""Files of a repository, read and written without leaving it: links are not followed, and all are written or none.

Every file is written beside its place first; only when all of them are there do they take their places, the records of
components last. After a kill, a second run finds what is there and goes on. Two runs at the same time wait for each
other, and what another one changed after it was read is not written over.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from elysium.errors import ScaffoldError
from elysium.kit.files import locked_directory, read_regular
from elysium.scaffold.changes import Change
from elysium.scaffold.records import FOLDER

__all__ = ["read_file", "write_files"]

_LARGEST = 8 << 20
_TEMPORARY = ".elysium-new"


class _Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is written and not yet in its place; without `temporary` it goes."""

    target: Path
    temporary: Path | None


def read_file(root: Path, path: str) -> str | None:
    """The text of a file below `root`; None when there is none. Raises ScaffoldError for a link or what is no text."""
    target = _inside(root, path)
    try:
        data = read_regular(target, _LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        hint = "move it away, and run this again"
        raise ScaffoldError(error.strerror or "cannot be read", subject=path, hint=hint) from error
    if len(data) > _LARGEST:
        raise ScaffoldError("this is larger than what can be merged", subject=path, hint="the limit is 8 MiB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScaffoldError("this is no UTF-8 text", subject=path, hint="move it away, and run this again") from error


def write_files(root: Path, changes: Iterable[Change]) -> None:
    """Write every change, or none. Raises ScaffoldError when a place cannot be written, or is not as it was read."""
    wanted = sorted((change for change in changes if change.text != change.before), key=_records_last)
    try:
        with locked_directory(root):
            _require_writable(root, wanted)
            _write(root, wanted)
    except OSError as error:
        raise ScaffoldError(error.strerror or "cannot be written", subject=str(root), hint=_AGAIN) from error


_AGAIN = "run this again: what is written already stays"


def _records_last(change: Change) -> tuple[bool, str]:
    """A record says that files were written, so it follows them: what is missing after a kill is no deleted file."""
    return change.path.startswith(f"{FOLDER}/"), change.path


def _require_writable(root: Path, changes: list[Change]) -> None:
    paths = {change.path for change in changes}
    for change in changes:
        if any(str(folder) in paths for folder in PurePosixPath(change.path).parents):
            raise ScaffoldError("this would be below a file", subject=change.path, hint="nothing was written")
        if read_file(root, change.path) != change.before:
            hint = "nothing was written: run this again"
            raise ScaffoldError("somebody changed this in the meantime", subject=change.path, hint=hint)


def _write(root: Path, changes: list[Change]) -> None:
    made: list[Path] = []
    with contextlib.ExitStack() as undo:
        undo.callback(_remove_directories, made)
        waiting = [_prepare(root, change, made, undo) for change in changes]
        for item in waiting:
            if item.temporary:
                item.temporary.replace(item.target)
            else:
                item.target.unlink(missing_ok=True)
        undo.pop_all()
    for item in waiting:
        if not item.temporary:
            _remove_empty(item.target.parent, root)


def _prepare(root: Path, change: Change, made: list[Path], undo: contextlib.ExitStack) -> _Waiting:
    target = _inside(root, change.path)
    if change.text is None:
        return _Waiting(target=target, temporary=None)
    try:
        for directory in _missing(target.parent):
            directory.mkdir()
            made.append(directory)
        _remove_stale(target)
        temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}{_TEMPORARY}")
        mode = 0o755 if change.executable else _mode(target)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        undo.callback(temporary.unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as file:
            file.write(change.text.encode())
            os.fchmod(descriptor, mode)
    except OSError as error:
        raise ScaffoldError(
            error.strerror or "cannot be written", subject=change.path, hint="nothing was written"
        ) from error
    return _Waiting(target=target, temporary=temporary)


def _remove_stale(target: Path) -> None:
    """Take away what a killed run left beside a file: nobody else writes here now."""
    left = re.compile(rf"\.{re.escape(target.name[:100])}\.[0-9a-f]{{12}}{re.escape(_TEMPORARY)}")
    for entry in os.scandir(target.parent):
        if left.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            Path(entry).unlink()


def _mode(target: Path) -> int:
    """As the file has it; a new one as everybody's new files here."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask


def _inside(root: Path, path: str) -> Path:
    """The place of a path. No part of it below `root` may be a link: it could lead anywhere."""
    parts = path.split("/")
    target = root.joinpath(*parts)
    if {"", ".", ".."} & set(parts):
        raise ScaffoldError("this leads out of the repository", subject=path, hint="paths are relative and stay inside")
    for part in (target, *target.parents):
        if part == root:
            return target
        if part.is_symlink():
            hint = "put a file or a directory in its place"
            raise ScaffoldError("this is a link, and links are not followed", subject=_relative(part, root), hint=hint)
    raise ScaffoldError("this leads out of the repository", subject=path)


def _missing(directory: Path) -> Iterator[Path]:
    if not directory.exists():
        yield from _missing(directory.parent)
        yield directory


def _remove_directories(made: list[Path]) -> None:
    for directory in reversed(made):
        with contextlib.suppress(OSError):
            directory.rmdir()


def _remove_empty(directory: Path, root: Path) -> None:
    while directory != root:
        try:
            directory.rmdir()
        except OSError:
            return
        directory = directory.parent


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
