"""In which fields two versions of an object differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

__all__ = ["FieldChange", "differences"]

_NAMES = ("name", "key", "mountPath", "containerPort", "port", "ip", "host")
_MISSING = object()


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field that differs, with its values as JSON; empty where it is absent."""

    path: str
    before: str
    after: str


def differences(before: Any, after: Any, path: str = "") -> Iterator[FieldChange]:
    """The fields that differ, in order of path. Items of lists that have names are compared by them."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from _field(before.get(key, _MISSING), after.get(key, _MISSING), _joined(path, str(key)))
    elif isinstance(before, list) and isinstance(after, list):
        one, other = _keyed(before, after)
        for key in dict.fromkeys([*one, *other]):
            yield from _field(one.get(key, _MISSING), other.get(key, _MISSING), f"{path}[{key}]")
    elif type(before) is not type(after) or before != after:
        yield FieldChange(path=path, before=_text(before), after=_text(after))


def _field(before: Any, after: Any, path: str) -> Iterator[FieldChange]:
    if before is _MISSING or after is _MISSING:
        yield FieldChange(path=path, before=_text(before), after=_text(after))
    else:
        yield from differences(before, after, path)


def _keyed(before: list[Any], after: list[Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Items by the first field that names them in both lists; by their place when none does."""
    for name in _NAMES:
        keys = [_keys(items, name) for items in (before, after)]
        if all(found is not None for found in keys):
            one, other = (found or [] for found in keys)
            return dict(zip(one, before, strict=True)), dict(zip(other, after, strict=True))
    return dict(enumerate(before)), dict(enumerate(after))


def _keys(items: list[Any], name: str) -> list[Any] | None:
    """What a field says of each item; None unless it tells them apart."""
    keys = [item.get(name) if isinstance(item, dict) else None for item in items]
    usable = all(isinstance(key, str | int) for key in keys)
    return keys if usable and len(set(keys)) == len(keys) else None


def _joined(path: str, key: str) -> str:
    if "." in key or "/" in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _text(value: Any) -> str:
    return "" if value is _MISSING else msgspec.json.encode(value).decode()
