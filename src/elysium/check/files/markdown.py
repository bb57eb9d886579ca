"""Markdown as far as checks need it: headings, links, code in lines and code in fences, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

__all__ = ["Fence", "Mention", "fences", "mentions"]

_FENCE = re.compile(r"^\s{0,8}(?:[-*+]\s+|\d+\.\s+|>\s*)*(`{3,}|~{3,})\s*([\w+-]*)")
_LINK = re.compile(r"(?<!\\)\]\(\s*<?([^()\s<>]+)>?(?:\s+[\"'(][^)]*)?\)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_HEADING = re.compile(r"#{1,6}\s+(.*)")


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """The target of a link, or a text written as code in a line."""

    line: int
    text: str
    link: bool


class Fence(msgspec.Struct, frozen=True, kw_only=True):
    """A block of code: its language, the first line in it, its lines, and the headings that it stands under."""

    language: str
    line: int
    lines: tuple[str, ...]
    headings: tuple[str, ...]


def mentions(text: str) -> Iterator[Mention]:
    """Links and code outside of fences and comments, in order."""
    for number, line, inside, _ in _walk(text):
        if inside is None and "<!--" not in line:
            for match in _LINK.finditer(_CODE.sub(lambda code: " " * len(code[0]), line)):
                yield Mention(line=number, text=match[1], link=True)
            for match in _CODE.finditer(line):
                yield Mention(line=number, text=match[1].strip(), link=False)


def fences(text: str) -> Iterator[Fence]:
    """Blocks of code, in order."""
    current: list[str] = []
    head: tuple[str, int, tuple[str, ...]] | None = None
    for number, line, inside, headings in _walk(text):
        if inside is None:
            if head is not None:
                yield Fence(language=head[0], line=head[1], lines=tuple(current), headings=head[2])
            head, current = None, []
        elif head is None:
            head = (inside, number + 1, headings)
        else:
            current.append(line)
    if head is not None:
        yield Fence(language=head[0], line=head[1], lines=tuple(current), headings=head[2])


def _walk(text: str) -> Iterator[tuple[int, str, str | None, tuple[str, ...]]]:
    """Each line with the language of the fence around it (None outside; the closing line is outside) and headings."""
    mark, language = "", ""
    headings: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _FENCE.match(line)
        if mark:
            closes = bool(match) and line.strip().lstrip("> ").startswith(mark) and not line.strip().strip("`~> ")
            if closes:
                mark = ""
                yield number, "", None, tuple(headings)
            else:
                yield number, line, language, tuple(headings)
        elif match:
            mark, language = match[1], match[2].lower()
            yield number, "", language, tuple(headings)
        else:
            heading = _HEADING.match(line)
            if heading:
                level = len(line) - len(line.lstrip("#"))
                headings = [*headings[: level - 1], heading[1].rstrip().rstrip("#").rstrip()]
            yield number, line, None, tuple(headings)
