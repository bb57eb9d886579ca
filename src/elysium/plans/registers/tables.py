"""Tables of GitHub's Markdown: a header, a line of dashes, rows."""

from __future__ import annotations

import itertools
import re

from elysium.plans.document.markdown import Block
from elysium.plans.registers.values import Field, Lines

__all__ = ["read_table", "row"]

_DASHES = frozenset(" \t|:-")
_BORDER = re.compile(r"(?<!\\)\|")


def read_table(block: Block, lines: Lines) -> tuple[list[str], list[list[Field]]]:
    """The names of the columns, and the cells of each row; nothing of a block that is no table."""
    below = lines.text_of(block.line + 1)
    if block.end - block.line < 2 or "-" not in below or not _DASHES.issuperset(below):
        return [], []
    header = [cell.value for cell in _cells(block.line, lines)]
    return header, [_cells(number, lines) for number in range(block.line + 2, block.end)]


def row(cells: list[str]) -> str:
    """A line of a table."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _cells(number: int, lines: Lines) -> list[Field]:
    text = lines.text_of(number)
    begin = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    borders = [found.start() for found in _BORDER.finditer(text)]
    if not borders or borders[0] != begin:
        borders.insert(0, begin - 1)
    if borders[-1] != end - 1 or len(borders) == 1:
        borders.append(end)
    return [lines.cell(number, left + 1, right) for left, right in itertools.pairwise(borders)]
