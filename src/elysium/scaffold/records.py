"""What is remembered of a component that was written, in `.elysium/`, committed with the repository.

`.elysium/<kind>/<name>.toml` says which component in which version wrote what, and from which answers; no secret value
is in it. Beside it `<name>.base` holds every file as it was rendered then: the base of the three-way merge when a new
version is rendered. An upgrade needs neither the old version nor the network.

A record is part of a repository, and so it is untrusted: links are not followed, sizes are bounded before anything is
unpacked, and every path must stay inside.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.kit.files import read_regular
from elysium.scaffold.bases import BaseError, base_text, read_base
from elysium.scaffold.description import is_component_id
from elysium.scaffold.toml_text import toml_text
from elysium.scaffold.types import safe_path

__all__ = ["FOLDER", "Record", "RecordedEntry", "path_of", "read", "read_one", "text_of", "texts_of"]

FOLDER = ".elysium"

_FORMAT = 1
_LARGEST_RECORD = 1 << 20
_LARGEST_BASE = 16 << 20
_LARGEST_ALL = 32 << 20
_LARGEST_CONTENT = 128 << 20
_MOST_RECORDS = 2000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
_HEADER = "# Written by elysium, for the next upgrade. Change answers with `elysium new`, not here.\n"


class RecordedEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of a list, or a value at a path of keys, in a file that other components share."""

    path: str
    at: tuple[str, ...]
    value: str = ""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A component that was written: its id, where it came from, the answers as they were given, and what it made.

    `files` are the rendered texts by path. `secrets` name sealed files and their Secrets, never a value.
    """

    component: str
    name: str
    version: str
    origin: str = "built in"
    answers: dict[str, Any] = {}
    offers: tuple[str, ...] = ()
    files: dict[str, str] = {}
    entries: tuple[RecordedEntry, ...] = ()
    values: tuple[RecordedEntry, ...] = ()
    secrets: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The first part of the component's id, such as `app`."""
        return self.component.partition("/")[0]

    @property
    def preset(self) -> str:
        """The preset that was chosen; empty for none."""
        return self.component.partition("/presets/")[2]


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it stands in its file: without the texts, which stand beside it."""

    format: int
    component: str
    name: str
    version: str
    origin: str
    offers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    answers: dict[str, Any] = {}
    entries: tuple[RecordedEntry, ...] = ()
    values: tuple[RecordedEntry, ...] = ()


def path_of(record: Record) -> str:
    """Where a record is kept, relative to the repository; its base is beside it."""
    return f"{FOLDER}/{record.kind}/{record.name}.toml"


def texts_of(record: Record) -> dict[str, str]:
    """Both files of a record by path. The same record has the same bytes (with the same release of zlib)."""
    path = path_of(record)
    return {path: text_of(record), path.removesuffix(".toml") + ".base": base_text(record.files)}


def text_of(record: Record) -> str:
    """A record as TOML."""
    written = _Written(
        format=_FORMAT,
        component=record.component,
        name=record.name,
        version=record.version,
        origin=record.origin,
        offers=record.offers,
        files=tuple(sorted(record.files)),
        secrets=record.secrets,
        answers=dict(sorted(record.answers.items())),
        entries=record.entries,
        values=record.values,
    )
    table = msgspec.to_builtins(written)
    return _HEADER + toml_text({key: value for key, value in table.items() if value or key in ("format", "origin")})


def read(root: Path) -> tuple[Record, ...]:
    """Every record of a repository, in order. Raises ScaffoldError for one that cannot be trusted."""
    folder = root / FOLDER
    if not _is_folder(folder, root):
        return ()
    kinds = sorted(child.name for child in folder.iterdir() if _is_folder(child, root))
    found = [(kind, path.stem) for kind in kinds for path in sorted((folder / kind).glob("*.toml"))]
    if len(found) > _MOST_RECORDS:
        raise ScaffoldError(
            f"there are more than {_MOST_RECORDS} records", subject=FOLDER, hint="is this the right folder?"
        )
    sizes = (path.lstat().st_size for kind in kinds for path in (folder / kind).iterdir())
    if sum(sizes) > _LARGEST_ALL:
        raise ScaffoldError(f"the records are larger than {_LARGEST_ALL >> 20} MiB", subject=FOLDER, hint=_BACK)
    return tuple(_bounded(root, found))


def _bounded(root: Path, names: Iterable[tuple[str, str]]) -> Iterator[Record]:
    """The records, of which no more is unpacked than a repository can mean: each may be small and hold a lot."""
    left = _LARGEST_CONTENT
    for kind, name in names:
        record = read_one(root, kind, name)
        if record is None:
            continue
        left -= sum(map(len, record.files.values()))
        if left < 0:
            raise ScaffoldError("the records hold more than can be meant", subject=FOLDER, hint=_BACK)
        yield record


def read_one(root: Path, kind: str, name: str) -> Record | None:
    """The record of a component; None when there is none. Raises ScaffoldError for one that cannot be trusted."""
    path = f"{FOLDER}/{kind}/{name}.toml"
    if not _NAME.fullmatch(kind) or not _NAME.fullmatch(name):
        raise ScaffoldError("this is no name of a record", subject=path[:200])
    if not all(_is_folder(part, root) for part in (root / FOLDER, root / FOLDER / kind)):
        return None
    text = _text(root / path, path, _LARGEST_RECORD)
    if text is None:
        return None
    written = _decoded(text, path)
    _judge(written, path, kind, name)
    return _with_files(written, root, path)


def _with_files(written: _Written, root: Path, path: str) -> Record:
    """The record with its texts. After a kill the base may be newer: it says which files there are."""
    beside = path.removesuffix(".toml") + ".base"
    text = _text(root / beside, beside, _LARGEST_BASE)
    if text is None:
        raise ScaffoldError("the base of a record is missing", subject=beside, hint=_BACK)
    try:
        files = read_base(text)
    except BaseError as error:
        raise ScaffoldError(f"the base of a record cannot be used: {error}", subject=beside, hint=_BACK) from None
    return Record(
        component=written.component,
        name=written.name,
        version=written.version,
        origin=written.origin,
        answers=written.answers,
        offers=written.offers,
        files=files,
        entries=written.entries,
        values=written.values,
        secrets=written.secrets,
    )


_BACK = "bring it back from git (`git checkout -- .elysium`), or delete both files of the record to begin anew"


def _decoded(text: str, path: str) -> _Written:
    try:
        return msgspec.convert(tomllib.loads(text), type=_Written)
    except (ValueError, RecursionError) as error:
        first = str(error).partition("\n")[0][:200]
        raise ScaffoldError(f"the record cannot be read: {first}", subject=path, hint=_BACK) from None


def _judge(written: _Written, path: str, kind: str, name: str) -> None:
    """Refuse a record of a later format, of another place, or with paths that lead outside."""
    if written.format != _FORMAT:
        hint = "update elysium" if written.format > _FORMAT else _BACK
        raise ScaffoldError(f"the record has the format {written.format}, not {_FORMAT}", subject=path, hint=hint)
    if not is_component_id(written.component) or (written.component.partition("/")[0], written.name) != (
        kind,
        name,
    ):
        raise ScaffoldError(
            f"the record is one of {written.component[:80]} {written.name[:80]}", subject=path, hint=_BACK
        )
    sealed = (mark.partition(" ")[0] for mark in written.secrets)
    for target in (*written.files, *sealed, *(entry.path for entry in (*written.entries, *written.values))):
        if not safe_path(target):
            raise ScaffoldError(
                f"the record names the path {target[:200]!r}, which is not allowed", subject=path, hint=_BACK
            )


def _is_folder(path: Path, root: Path) -> bool:
    if path.is_symlink():
        raise ScaffoldError("this is a link; records are not read through links", subject=str(path.relative_to(root)))
    return path.is_dir()


def _text(file: Path, path: str, largest: int) -> str | None:
    """The text of a regular file of bounded size; None when there is none."""
    try:
        data = read_regular(file, largest)
        if len(data) > largest:
            raise ScaffoldError(f"this is larger than {largest >> 20} MiB", subject=path, hint=_BACK)
        return data.decode()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ScaffoldError(error.strerror or "cannot be read", subject=path, hint=_BACK) from None
    except UnicodeDecodeError:
        raise ScaffoldError("this is no UTF-8 text", subject=path, hint=_BACK) from None
