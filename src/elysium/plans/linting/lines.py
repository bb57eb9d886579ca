"""The lines of a document without its annotations, and whether each stands in code."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from elysium.plans.document.annotating import bare, head
from elysium.plans.document.markdown import code_lines, lines_of

__all__ = ["read_lines"]


def read_lines(text: str) -> tuple[tuple[int, str, bool], ...]:
    """Numbers (from 1), lines, and whether they belong to a block of code; annotations are left out."""
    return _read(text)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[tuple[int, str, bool], ...]:
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    code = code_lines(text)
    first = head(text)
    skipped = range(first.line - 1, first.line + first.words.count("\n") + 1) if first else range(0)
    for number, line in enumerate(lines_of(text), 1):
        if number in skipped:
            yield number, "", False
        elif number in code:
            yield number, line.rstrip("\r\n"), True
        else:
            yield number, bare(line).rstrip("\r\n"), False
