"""What the lines of a YAML text are: content of block scalars, where every space counts, or something and a comment."""

from __future__ import annotations

import re

__all__ = ["content_lines", "without_comment"]

_BLOCK = re.compile(r"(?:^|[:\-?]\s+|\s)(?:[&!]\S+\s+){0,2}[|>][0-9+-]{0,2}\s*$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


def content_lines(text: str) -> frozenset[int]:
    """The numbers of the lines within block scalars."""
    found: set[int] = set()
    owner: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if owner is not None and (not line.strip() or indent > owner):
            found.add(number)
            continue
        bare = without_comment(line)
        owner = _owner(bare) if _BLOCK.search(bare) else None
    return frozenset(found)


def without_comment(line: str) -> str:
    """A line that is no content of a block scalar, up to its comment."""
    if "#" not in line:
        return line
    masked = _QUOTED.sub(lambda match: "x" * len(match.group()), line)
    if masked.lstrip().startswith("#"):
        return ""
    found = re.search(r"\s#", masked)
    return line[: found.start()] if found else line


def _owner(line: str) -> int:
    """The indentation of the key or item that the scalar belongs to: its lines stand deeper."""
    stripped = line.lstrip(" ")
    indent = len(line) - len(stripped)
    while stripped.startswith("- ") and ":" in stripped:
        rest = stripped[2:].lstrip(" ")
        indent += len(stripped) - len(rest)
        stripped = rest
    return indent
