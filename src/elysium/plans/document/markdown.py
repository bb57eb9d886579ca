"""Markdown as blocks with their lines: what a plan is read from, and where an edit goes.

CommonMark with tables, by markdown-it-py; the text inside of blocks is left as it is, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

__all__ = ["Block", "BlockKind", "Entry", "beginning", "code_lines", "front_matter", "lines_of", "read_blocks"]

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:.*\n)*?---[ \t]*(?:\r?\n|\Z)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_DEEPEST = 20


class BlockKind(StrEnum):
    """What a block is; `other` is a table, a quotation, a rule or HTML."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    FENCE = "fence"
    OTHER = "other"


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block at lines `line` up to, without, `end` (from 1). `text` is a heading's or a paragraph's words, a fence's
    code, and otherwise the lines themselves; `level` is a heading's, `info` a fence's.
    """

    kind: BlockKind
    line: int
    end: int
    text: str = ""
    level: int = 0
    info: str = ""
    numbered: bool = False
    entries: tuple[Entry, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a list: its first paragraph (`text` at lines `line` to `text_end`) and the blocks after it."""

    text: str
    line: int
    text_end: int
    end: int
    blocks: tuple[Block, ...] = ()


@cache
def _parser() -> MarkdownIt:
    """The block parser; nothing inside of a line is looked at."""
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(["inline", "text_join"])


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as Markdown counts them: "\\n", "\\r\\n" and "\\r" end one, nothing else."""
    return _LINE.findall(text)


def front_matter(text: str) -> str:
    """The YAML between `---` at the very beginning, with its marks; empty where there is none."""
    found = _FRONT_MATTER.match(text)
    return found[0] if found else ""


def beginning(text: str) -> int:
    """Where the document's own annotation stands: behind its front matter, or behind a byte order mark."""
    return len(front_matter(text)) or len(text) - len(text.removeprefix("\ufeff"))


def read_blocks(text: str, skipped: int = 0) -> tuple[Block, ...]:
    """The blocks of a document, without its first `skipped` lines (front matter, annotations)."""
    lines = lines_of(text)
    below = "".join(lines[skipped:]).removeprefix("\ufeff")
    tokens = _parser().parse("".join(["\n"] * skipped + [below]))
    return tuple(_blocks(tokens, lines))


@lru_cache(maxsize=8)
def code_lines(text: str) -> frozenset[int]:
    """The lines (from 1) of fenced and indented code, where nothing is an annotation."""
    found: set[int] = set()
    skipped = front_matter(text).count("\n")
    below = "".join(lines_of(text)[skipped:]).removeprefix("\ufeff")
    for token in _parser().parse("".join(["\n"] * skipped + [below])):
        if token.map and token.type in ("fence", "code_block"):
            found.update(range(token.map[0] + 1, token.map[1] + 1))
    return frozenset(found)


def _blocks(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Block]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = _closing(tokens, place)
        found = _block(token, tokens[place + 1 : end], lines)
        if found:
            yield found
        place = end + 1


def _closing(tokens: Sequence[Token], place: int) -> int:
    """Where the block that begins at a token ends."""
    if tokens[place].nesting != 1:
        return place
    level = tokens[place].level
    return next(
        (at for at in range(place + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting == -1),
        len(tokens) - 1,
    )


def _block(token: Token, inside: Sequence[Token], lines: Sequence[str]) -> Block | None:
    if token.map is None:
        return None
    line, end = token.map[0] + 1, token.map[1] + 1
    raw = "".join(lines[line - 1 : end - 1])
    match token.type:
        case "heading_open":
            words = inside[0].content if inside else ""
            return Block(kind=BlockKind.HEADING, line=line, end=end, text=words, level=int(token.tag[1]))
        case "paragraph_open":
            return Block(kind=BlockKind.PARAGRAPH, line=line, end=end, text=inside[0].content if inside else "")
        case "fence":
            return Block(kind=BlockKind.FENCE, line=line, end=end, text=token.content, info=token.info.strip())
        case "bullet_list_open" | "ordered_list_open":
            numbered = token.type == "ordered_list_open"
            entries = tuple(_entries(inside, lines))
            return Block(kind=BlockKind.LIST, line=line, end=end, numbered=numbered, entries=entries)
    return Block(kind=BlockKind.OTHER, line=line, end=end, text=raw)


def _entries(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Entry]:
    place = 0
    while place < len(tokens):
        end = _closing(tokens, place)
        token = tokens[place]
        if token.type == "list_item_open" and token.map:
            yield _entry(token.map, tuple(_blocks(tokens[place + 1 : end], lines)))
        place = end + 1


def _entry(lines: Sequence[int], blocks: tuple[Block, ...]) -> Entry:
    line, end = lines[0] + 1, lines[1] + 1
    if blocks and blocks[0].kind is BlockKind.PARAGRAPH and blocks[0].line == line:
        return Entry(text=blocks[0].text, line=line, text_end=blocks[0].end, end=end, blocks=blocks[1:])
    return Entry(text="", line=line, text_end=line + 1, end=end, blocks=blocks)
