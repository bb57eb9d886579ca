"""Where lines of a text begin and end, and how the text writes its lines."""

from __future__ import annotations

import re
import textwrap

__all__ = ["behind", "column", "indented", "inserted", "line_break", "line_end", "line_start"]

_COMMENT_OR_BLANK = re.compile(r"([ \t]*)(#[^\n]*)?(\r?\n|\Z)")


def line_break(text: str) -> str:
    """How lines of `text` end: as the first one does."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def line_start(text: str, position: int) -> int:
    """Where the line of `position` begins, behind a byte order mark."""
    start = text.rfind("\n", 0, position) + 1
    return start + (1 if start == 0 and text.startswith("\ufeff") else 0)


def line_end(text: str, position: int) -> int:
    """Where the next line begins; the end of the text in the last line."""
    if position > 0 and text[position - 1] == "\n":
        return position  # a block scalar that keeps its blank lines ends with its last line break
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def column(text: str, position: int) -> int:
    """How many characters stand before `position` in its line."""
    return position - line_start(text, position)


def behind(text: str, end: int, outer: int) -> int:
    """Where a line can be added behind what ends at `end` and its comments, which are indented deeper than `outer`."""
    place = position = line_end(text, end)
    while position < len(text) and (found := _COMMENT_OR_BLANK.match(text, position)) and found.end() > position:
        position = found.end()
        if found[2] is None:
            continue
        if len(found[1]) <= outer:
            break
        place = position
    return place


def indented(block: str, first: str, columns: int, newline: str) -> str:
    """Lines of a block, without common indentation, the first behind `first`, the others moved by `columns`."""
    lines = textwrap.dedent(block.replace("\r\n", "\n").strip("\n")).split("\n")
    moved = [lines[0], *(" " * columns + line if line.strip() else "" for line in lines[1:])]
    return first + newline.join(line.rstrip() if not line.strip() else line for line in moved)


def inserted(text: str, place: int, written: str, newline: str) -> str:
    """Whole lines where a line begins, or behind a last line that has no break; such a file still has none."""
    if place == len(text) and text and not text.endswith("\n"):
        return text + newline + written
    return text[:place] + written + newline + text[place:]
