"""Which lines of a YAML text are the content of block scalars, where every space counts."""

from __future__ import annotations

import re

__all__ = ["content_lines"]

_BLOCK = re.compile(r"(?:^|[:\-?]\s+|\s)(?:[&!]\S+\s+){0,2}[|>][0-9+-]{0,2}\s*(?:#.*)?$")


def content_lines(text: str) -> frozenset[int]:
    """The numbers of the lines within block scalars; in doubt a line counts as content."""
    found: set[int] = set()
    owner: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if owner is not None and (not line.strip() or indent > owner):
            found.add(number)
            continue
        owner = _owner(line) if _BLOCK.search(line) else None
    return frozenset(found)


def _owner(line: str) -> int:
    """The indentation of the key that the scalar belongs to: its lines stand deeper."""
    stripped = line.lstrip(" ")
    indent = len(line) - len(stripped)
    while stripped.startswith("- ") and ":" in stripped:
        rest = stripped[2:].lstrip(" ")
        indent += len(stripped) - len(rest)
        stripped = rest
    return indent
