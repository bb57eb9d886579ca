"""What a CEL expression is about."""

from __future__ import annotations

import re

__all__ = ["first_field"]

_FIELDS = re.compile(r"\bobject((?:\.\??[A-Za-z_]\w*)+)(\()?")


def first_field(expression: str) -> tuple[str, ...]:
    """The path of the object's field that an expression names first; empty when it names none."""
    found = _FIELDS.search(expression)
    parts = found[1].replace("?", "").split(".")[1:] if found else []
    return tuple(parts[:-1] if found and found[2] else parts)
