"""Where the comments of a YAML text are: Flux substitutes in what Kustomize has written, which has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["without_comments"]

_BLOCK = re.compile(r"(?:^|[:\-]\s+|\s)(?:[&!]\S+\s+){0,2}[|>][0-9+-]{0,2}\s*(?:#.*)?$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


def without_comments(text: str) -> Iterator[str]:
    """The lines of a YAML text, each without its comment. Lines of a block scalar are content, `#` included."""
    block: int | None = None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            yield line
            continue
        bare = line[: _comment(line)]
        block = _owner(bare) if _BLOCK.search(bare) else None
        yield bare


def _comment(line: str) -> int:
    """The column where the comment of a line begins, or its end."""
    masked = _QUOTED.sub(lambda match: "x" * len(match.group()), line)
    if masked.lstrip().startswith("#"):
        return 0
    found = re.search(r"\s#", masked)
    return found.start() if found else len(line)


def _owner(line: str) -> int:
    """The indentation of the key or item that a block scalar belongs to: its lines are deeper."""
    stripped = line.lstrip(" ")
    indent = len(line) - len(stripped)
    while stripped.startswith("- ") and ":" in stripped:
        rest = stripped[2:].lstrip(" ")
        indent += len(stripped) - len(rest)
        stripped = rest
    return indent
