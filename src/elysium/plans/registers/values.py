"""Values with their place in a text."""

from __future__ import annotations

import msgspec

from elysium.plans.document.markdown import lines_of

__all__ = ["Field", "Lines"]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A value, its line (from 1), and where it begins and ends in the text. `cell` is one of a table."""

    value: str
    line: int
    start: int
    end: int
    cell: bool = False


class Lines:
    """The lines of a text with the place at which each begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for line in lines_of(text):
            self._starts.append(self._starts[-1] + len(line))

    def text_of(self, number: int) -> str:
        """A line (from 1) without its end; empty beyond the last."""
        if not 0 < number < len(self._starts):
            return ""
        return self._text[self._starts[number - 1] : self._starts[number]].rstrip("\r\n")

    def field(self, first: int, column: int, last: int) -> Field:
        """The value that begins at a column of a line and ends with a later line."""
        start = self._starts[first - 1] + column
        end = self._starts[last - 1] + len(self.text_of(last).rstrip())
        value = " ".join(self._text[start : max(start, end)].split())
        return Field(value=value, line=first, start=start, end=max(start, end))

    def cell(self, number: int, begin: int, end: int) -> Field:
        """The value between two columns of a line, without the blanks around it."""
        raw = self.text_of(number)[begin:end]
        start = self._starts[number - 1] + begin + len(raw) - len(raw.lstrip())
        kept = raw.strip()
        return Field(value=kept.replace("\\|", "|"), line=number, start=start, end=start + len(kept), cell=True)
