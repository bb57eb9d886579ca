"""What `.elysium/` remembers: which component wrote what, with which answers, and the text of each file as it was.

One record is two files: `.elysium/KIND/NAME.toml`, which a person can read and review, and `NAME.base` beside it with
the files as they were written, compressed, so that an update needs neither an old release nor the network. Neither
holds a secret value: of Secrets only names and places are kept. A record comes with a repository, which may come from
anybody: sizes are bounded, and paths have to stay inside.
"""

from __future__ import annotations

import base64
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.errors import ScaffoldError
from elysium.kit import digests
from elysium.scaffold.types import safe_path
from elysium.scaffold.writing import read_file

__all__ = ["FOLDER", "Record", "RecordedEntry", "files_of", "read_all", "read_one"]

FOLDER = ".elysium"
_MOST = 2000
_LARGEST = 64 << 20
_WIDTH = 100
_HEAD = "# Written by `elysium new`, and read by it for updates: edit the files, not this record.\n"
_ADVICE = "take it back from git, or delete both files of the record: what is there then counts as yours"


class RecordedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a list (or, without a value, a key) in a shared file."""

    path: str
    at: tuple[str, ...]
    value: str = ""


class _Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The readable file."""

    component: str
    origin: str = "built in"
    version: str
    name: str
    base: str
    answers: dict[str, Any] = {}
    offers: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    entries: tuple[RecordedEntry, ...] = ()
    values: tuple[RecordedEntry, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One component as it was written. `files` has the text of each as it was proposed then."""

    component: str
    origin: str
    version: str
    name: str
    answers: dict[str, Any]
    offers: tuple[str, ...]
    files: dict[str, str]
    entries: tuple[RecordedEntry, ...]
    values: tuple[RecordedEntry, ...]
    secrets: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The first word after `elysium new`."""
        return self.component.split("/")[0]

    @property
    def preset(self) -> str:
        """The preset that it was made from; empty for none."""
        parts = self.component.split("/")
        return parts[2] if len(parts) == 3 and parts[1] == "presets" else ""


def files_of(record: Record) -> dict[str, str]:
    """The two files of a record, by path."""
    place = f"{FOLDER}/{record.kind}/{record.name}"
    base = _packed(record.files)
    fields = {
        "component": record.component,
        "origin": record.origin,
        "version": record.version,
        "name": record.name,
        "base": digests.of_bytes(base.encode()),
        "offers": list(record.offers),
        "secrets": list(record.secrets),
        "entries": [msgspec.to_builtins(item) for item in record.entries],
        "values": [msgspec.to_builtins(item) for item in record.values],
    }
    return {f"{place}.toml": _HEAD + _toml(fields) + _answers(record.answers), f"{place}.base": base}


def read_all(root: Path) -> tuple[Record, ...]:
    """Every record of a repository, in order. Raises ScaffoldError for one that cannot be read."""
    return tuple(_listed(root))


def read_one(root: Path, kind: str, name: str) -> Record | None:
    """One record; None when this was never written."""
    place = f"{FOLDER}/{kind}/{name}.toml"
    if not safe_path(place):
        return None
    text = read_file(root, place)
    return None if text is None else _read(root, place, text)


def _listed(root: Path) -> Iterator[Record]:
    folder = root / FOLDER
    files = sorted(folder.glob("*/*.toml")) if folder.is_dir() and not folder.is_symlink() else []
    if len(files) > _MOST:
        raise ScaffoldError(f"there are more than {_MOST} records", subject=FOLDER, hint=_ADVICE)
    for file in files:
        place = file.relative_to(root).as_posix()
        text = read_file(root, place)
        if text is not None:
            yield _read(root, place, text)


def _read(root: Path, place: str, text: str) -> Record:
    try:
        fields = msgspec.convert(tomllib.loads(text), _Fields)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScaffoldError(f"this is no record: {error}", subject=place, hint=_ADVICE) from error
    base = read_file(root, place.removesuffix(".toml") + ".base")
    if base is None or digests.of_bytes(base.encode()) != fields.base:
        raise ScaffoldError("the base beside this record is not the one that was written", subject=place, hint=_ADVICE)
    files = _unpacked(base, place)
    paths = (*files, *(item.path for item in (*fields.entries, *fields.values)))
    wrong = next((path for path in paths if not safe_path(path)), "")
    if wrong or f"{fields.component.split('/')[0]}/{fields.name}" != place.removeprefix(f"{FOLDER}/")[: -len(".toml")]:
        raise ScaffoldError(f"this record is of something else: {wrong or fields.name}", subject=place, hint=_ADVICE)
    kept = {name: getattr(fields, name) for name in fields.__struct_fields__ if name != "base"}
    return Record(**kept, files=files)


def _packed(files: dict[str, str]) -> str:
    data = zlib.compress(msgspec.json.encode(files, order="sorted"), 9)
    text = base64.b85encode(data).decode()
    return "".join(f"{text[start : start + _WIDTH]}\n" for start in range(0, len(text), _WIDTH))


def _unpacked(text: str, place: str) -> dict[str, str]:
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b85decode("".join(text.split())), _LARGEST)
        if reader.unconsumed_tail or not reader.eof:
            raise ScaffoldError("the base is cut off, or larger than 64 MiB", subject=place, hint=_ADVICE)
        return msgspec.json.decode(data, type=dict[str, str])
    except (ValueError, zlib.error) as error:
        raise ScaffoldError(f"the base cannot be read: {error}", subject=place, hint=_ADVICE) from error


def _answers(answers: dict[str, Any]) -> str:
    return "\n[answers]\n" + _toml(dict(sorted(answers.items()))) if answers else ""


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    """A value in one line of TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else msgspec.json.encode(key).decode()
