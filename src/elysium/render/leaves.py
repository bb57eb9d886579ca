"""Fields of objects, addressed so that the same field has the same address before and after a patch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Address", "dotted", "leaves", "real_path", "short"]

Address = tuple[str, ...]
"""Keys from the root; an item of a list is `[name]` if it is a mapping with a name, otherwise `[0]`."""


def leaves(value: Any, prefix: Address = ()) -> Iterator[tuple[Address, Any]]:
    """Every scalar (and every empty mapping or list) with its address."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, (*prefix, str(key)))
    elif isinstance(value, list) and value:
        for position, item in enumerate(value):
            yield from leaves(item, (*prefix, _label(value, position)))
    else:
        yield prefix, value


def _label(items: list[Any], position: int) -> str:
    item = items[position]
    if isinstance(item, Mapping) and isinstance(item.get("name"), str):
        return f"[{item['name']}]"
    return f"[{position}]"


def real_path(value: Any, address: Address) -> list[str | int]:
    """The address as keys and positions in this very value, as far as it reaches."""
    path: list[str | int] = []
    for part in address:
        if isinstance(value, list):
            position = next((n for n in range(len(value)) if _label(value, n) == part), None)
            if position is None:
                return path
            path.append(position)
            value = value[position]
        elif isinstance(value, Mapping) and part in value:
            path.append(part)
            value = value[part]
        else:
            return path
    return path


def dotted(address: Address) -> str:
    """The address for a person: `spec.containers[app].image`; a key with dots is quoted."""
    text = ""
    for part in address:
        if part.startswith("[") and part.endswith("]"):
            text += part
        else:
            text += ("." if text else "") + (f'"{part}"' if "." in part else part)
    return text


def short(value: Any) -> str:
    """A value in at most sixty characters of one line."""
    text = str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
    line = text.splitlines()[0] if text.splitlines() else ""
    cut = len(line) > 60 or len(text.splitlines()) > 1
    return line[:57] + "..." if cut else line
