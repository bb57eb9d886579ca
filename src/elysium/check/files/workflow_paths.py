"""Path patterns of workflows.

Source: GitHub documentation, "Filter pattern cheat sheet": `*` stops at slashes, `**` does not, `?` and `+` repeat the
character before them, `[]` is a set.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["matches"]

_GLOBS = (("**/", "(?:.*/)?"), ("**", ".*"), ("*", "[^/]*"), ("?", "?"), ("+", "+"))


def matches(pattern: str, path: str) -> bool:
    """Whether a file would start a workflow with this filter."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.match(path) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern as a regular expression; None when it cannot be read, which matches everything."""
    out = []
    position = 0
    while position < len(pattern):
        text, position = _part(pattern, position)
        out.append(text)
    try:
        return re.compile("".join(out) + r"\Z", re.DOTALL)
    except re.error:
        return None


def _part(pattern: str, position: int) -> tuple[str, int]:
    """The expression for what begins at a position, and where the next part begins."""
    for glob, expression in _GLOBS:
        if pattern.startswith(glob, position):
            return expression, position + len(glob)
    end = pattern.find("]", position + 2)
    if pattern[position] == "[" and end > 0:
        inside = re.sub(r"([\[\\&|~^])", r"\\\1", pattern[position + 1 : end])
        return f"[{inside}]", end + 1
    if pattern[position] == "\\" and position + 1 < len(pattern):
        return re.escape(pattern[position + 1]), position + 2
    return re.escape(pattern[position]), position + 1
