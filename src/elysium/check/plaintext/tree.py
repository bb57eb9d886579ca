"""The values of decoded data with the key that each stands under, also where data is written inside a text.

A ConfigMap holds whole files: an env file, an INI file, JSON or YAML. What can be decoded is decoded, the rest is read
line by line as assignments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from elysium.check.plaintext.judgement import Judgement, judge, suspicious
from elysium.errors import EngineError

__all__ = ["Leak", "leaks", "leaks_in_text"]

_DEEPEST = 40
_NESTED = 3
_REFERENCES = {
    *(
        "valueFrom",
        "secretKeyRef",
        "configMapKeyRef",
        "remoteRef",
        "encryptedData",
        "secretRef",
        "existingSecret",
        "status",
    ),
    *("description", "$schema", "properties", "managedFields", "matchLabels", "sops", "secretName", "checksum"),
}
_ASSIGNMENT = re.compile(
    r"""^\s*(?:export\s+|set\s+|ENV\s+|-\s+)?["']?(?P<key>[A-Za-z_][\w.-]*)["']?\s*(?:=>|:=|=|:)\s*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s()\[\]{}<>;,"'#][^\s()\[\]{}<>;,"']*))\s*[,;]?\s*(?:\#.*)?$""",
    re.X,
)
_FLAG = re.compile(r"^--?(?P<key>[A-Za-z][\w.-]*)(?:=(?P<value>.*))?$", re.S)
_STRUCTURED = re.compile(r"^\s*(\{|\[\s*[\[{\"]|---|(#[^\n]*\n\s*)*(-\s+)?[\"']?[A-Za-z_][\w./ -]*[\"']?:(\s|$))")

Decode = Callable[[str], list[Any]]


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """A secret in data: the path to the value that the file has, the key, and the key's line inside it if it is a
    text of several lines (from 1; 0 for the value itself).
    """

    path: tuple[str | int, ...]
    key: str
    judgement: Judgement
    line: int = 0


def leaks(decode: Decode, value: Any, path: tuple[str | int, ...] = (), key: str = "") -> Iterator[Leak]:
    """Every secret below a value."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, dict):
        yield from _of_mapping(decode, value, path)
    elif isinstance(value, list):
        yield from _of_sequence(decode, value, path, key)
    elif isinstance(value, str) and "\n" in value.strip():
        yield from (_at(path, leak) for leak in leaks_in_text(decode, value, key))
    else:
        found = judge(key, value)
        if found:
            yield Leak(path=path, key=key, judgement=found)


def leaks_in_text(decode: Decode, text: str, key: str = "", nested: int = 0) -> Iterator[Leak]:
    """Every secret in a text of several lines. The paths are those of the text's own data."""
    whole = judge(key, text)
    if whole:
        yield Leak(path=(), key=key, judgement=whole)
        return
    if not suspicious(text) or len(text) > 2_000_000:
        return
    if nested < _NESTED and _STRUCTURED.match(text):
        decoded = _decoded(decode, text)
        if decoded is not None:
            for leak in (leak for body in decoded for leak in leaks(decode, body)):
                yield msgspec.structs.replace(leak, line=_line(text, leak.key))
            return
    yield from _assignments(text)


def _of_mapping(decode: Decode, value: dict[Any, Any], path: tuple[str | int, ...]) -> Iterator[Leak]:
    name, item = value.get("name"), value.get("value")
    if isinstance(name, str) and isinstance(item, str | int):
        yield from leaks(decode, item, (*path, "value"), name)
    for key, inner in value.items():
        if key in _REFERENCES or (key == "value" and isinstance(name, str)):
            continue
        yield from leaks(decode, inner, (*path, str(key)), str(key))


def _of_sequence(decode: Decode, items: list[Any], path: tuple[str | int, ...], key: str) -> Iterator[Leak]:
    """Items of a list; `--key=value`, `--key`, `value` and `KEY=value` among texts are pairs."""
    flag = ""
    for number, item in enumerate(items):
        place = (*path, number)
        if not isinstance(item, str) or "\n" in item.strip():
            yield from leaks(decode, item, place, key)
            continue
        name, value = _pair(item, flag)
        match = _FLAG.match(item)
        flag = match["key"] if match and match["value"] is None else ""
        found = judge(name, value)
        if found:
            yield Leak(path=place, key=name, judgement=found)


def _pair(item: str, flag: str) -> tuple[str, str]:
    match = _FLAG.match(item)
    if match:
        return match["key"], match["value"] or ""
    if flag:
        return flag, item
    assignment = re.match(r"^([A-Za-z_][\w.]*)=(.*)$", item)
    return (assignment[1], assignment[2]) if assignment else ("", item)


def _assignments(text: str) -> Iterator[Leak]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("#", ";", "//")):
            continue
        match = _ASSIGNMENT.match(line)
        key = match["key"] if match else ""
        value = (
            next((match[name] for name in ("double", "single", "bare") if match[name] is not None), "")
            if match
            else line
        )
        found = judge(key, value) or (judge("", line) if match else None)
        if found:
            yield Leak(path=(), key=key, judgement=found, line=number)


def _decoded(decode: Decode, text: str) -> list[Any] | None:
    try:
        bodies = decode(text)
    except EngineError:
        return None
    return bodies if any(isinstance(body, dict | list) for body in bodies) else None


def _at(path: tuple[str | int, ...], leak: Leak) -> Leak:
    return msgspec.structs.replace(leak, path=path)


def _line(text: str, key: str) -> int:
    pattern = re.compile(rf"(?<![\w]){re.escape(key)}(?![\w])")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)), 0) if key else 0
