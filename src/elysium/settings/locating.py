"""Where a setting stands in `elysium.toml`: the parser of the standard library does not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

__all__ = ["entry_at_fault", "line_of", "lines_of_tables"]

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_LONGEST = 1_000
_LONG = ('"""', "'''")
_STEP = re.compile(r"\.?([A-Za-z0-9_-]+)|\[(\d+)\]|(\[\.\.\.\])")
_UNKNOWN = re.compile(r"unknown field `([^`]+)`")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line of a setting, or of the nearest table or list around it; 0 when nothing of it is there."""
    best, line = 0, 0
    for known, number in _entries(text):
        shared = _shared(known, path)
        if shared > best and shared == len(known):
            best, line = shared, number
    return line


def lines_of_tables(text: str, name: str) -> list[int]:
    """The lines of the headers `[[name]]`, in order."""
    return [
        number for path, number in _entries(text) if len(path) == 2 and path[0] == name and isinstance(path[1], int)
    ]


def entry_at_fault(raw: dict[str, Any], error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> Path:
    """The path of what an error of the decoder is about. It does not name the keys of mappings (`$.cluster[...]`), so
    each of them is tried by itself.
    """
    message = str(error)
    found = re.search(r"at `(?:key in )?\$([^`]*)`$", message)
    path: list[str | int] = []
    for name, index, any_key in _STEP.findall(found[1] if found else ""):
        path.append(_faulty_key(raw, path, kind) if any_key else int(index) if index else name)
    unknown = _UNKNOWN.search(message)
    return (*path, unknown[1]) if unknown else tuple(path)


def _faulty_key(raw: dict[str, Any], path: list[str | int], kind: type[msgspec.Struct]) -> str:
    entries: Any = raw
    for step in path:
        entries = entries[step]
    for key, value in entries.items():
        alone: Any = {key: value}
        for step in reversed(path):
            alone = {step: alone} if isinstance(step, str) else [alone]
        try:
            msgspec.convert(alone, kind)
        except msgspec.ValidationError:
            return str(key)
    return ""


def _entries(text: str) -> Iterator[tuple[Path, int]]:
    """Every header and key of the file with its line. Lines of long texts are neither."""
    counts: dict[Path, int] = {}
    table: Path = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        inside = next((mark for mark in _LONG if line.count(mark) % 2), "")
        header, key = _HEADER.match(line[:_LONGEST]), _KEY.match(line[:_LONGEST])
        if header and not key:
            table = _keys(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif key:
            yield (*table, *_keys(key[1])), number


def _keys(text: str) -> Path:
    """The parts of a dotted key, read by the parser itself where it is not plain."""
    if _PLAIN.fullmatch(text):
        return tuple(text.split("."))
    try:
        value: Any = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    parts: list[str] = []
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        parts.append(name)
    return tuple(parts)


def _shared(known: Path, wanted: Sequence[str | int]) -> int:
    count = 0
    for one, other in zip(known, wanted, strict=False):
        if one != other:
            break
        count += 1
    return count
