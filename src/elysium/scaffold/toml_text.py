"""A table as TOML, the same bytes every time. The standard library reads TOML and does not write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elysium.kit.quoting import double_quoted

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(table: Mapping[str, Any]) -> str:
    """`table` as TOML: scalars and lists in the order given, then tables and lists of tables behind blank lines."""
    simple = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if not _is_table(value)]
    parts = ["\n".join(simple)] if simple else []
    for key, value in table.items():
        if isinstance(value, Mapping):
            parts.append("\n".join([f"[{_key(key)}]", *_pairs(value)]))
        elif _is_table(value):
            parts += ["\n".join([f"[[{_key(key)}]]", *_pairs(item)]) for item in value]
    return "\n\n".join(parts) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        _is_list(value) and bool(value) and all(isinstance(item, Mapping) for item in value)
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else double_quoted(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if _is_list(value):
        return "[" + ", ".join(map(_value, value)) + "]"
    return double_quoted(str(value))
