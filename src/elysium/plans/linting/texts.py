"""What people write in a part of a plan, piece by piece: with the label that a piece begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.plans.types import Item, ItemList, Part, Prose
from elysium.plans.words import plain

__all__ = ["Piece", "has_word", "is_empty", "pieces"]

_LABEL = re.compile(
    r"[ \t]*(?:\*\*|__)(?P<bold>[^*_\n]{1,60})(?:\*\*|__):?|[ \t]*(?P<bare>[A-Z][\w /-]{0,40}):(?=\s|$)"
)
_FILLERS = re.compile(r"[\s.…?*_\-–—:;,(){}\[\]]*")
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_LONGEST = 4000


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph, an item or a list: the label that it begins with, the text behind it, and its line."""

    label: str
    text: str
    line: int
    item: str = ""


def pieces(part: Part) -> Iterator[Piece]:
    """Everything that a part says, in its order, its sub-headings as labels of what is below them."""
    for block in part.content:
        if isinstance(block, Prose):
            yield from _paragraphs(block)
        else:
            yield from _list(block)
    for inner in part.parts:
        found = tuple(pieces(inner))
        below = " ".join(piece.text for piece in found)
        yield Piece(label=plain(inner.title), text=below, line=inner.line)
        yield from found


def is_empty(text: str) -> bool:
    """Whether a text says nothing: blanks, dots and dashes."""
    return not text or _FILLERS.fullmatch(text[:_LONGEST]) is not None


def has_word(text: str, word: str) -> bool:
    """Whether a word, or several in a row, stand in a text as they are, in upper or lower case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _paragraphs(block: Prose) -> Iterator[Piece]:
    lines: list[str] = []
    start, fenced = block.line, False
    for number, line in enumerate([*block.text.splitlines(), ""], block.line):
        if _FENCE.match(line):
            fenced = not fenced
        if line.strip() or fenced:
            start = start if lines else number
            lines.append(line)
        elif lines:
            yield _piece("\n".join(lines), start)
            lines = []
    if lines:
        yield _piece("\n".join(lines), start)


def _list(block: ItemList) -> Iterator[Piece]:
    if block.label:
        below = " ".join(_item_text(item) for item in block.items)
        yield Piece(label=plain(block.label).rstrip(":"), text=below, line=block.line)
    for item in block.items:
        yield from _item(item)


def _item(item: Item) -> Iterator[Piece]:
    piece = _piece(item.text, item.line)
    below = " ".join(_item_text(inner) for inner in item.items)
    yield Piece(label=piece.label, text=f"{piece.text} {below}".strip(), line=piece.line, item=item.id)
    for inner in item.items:
        yield from _item(inner)


def _item_text(item: Item) -> str:
    return " ".join((item.title, *map(_item_text, item.items)))


def _piece(text: str, line: int) -> Piece:
    found = _LABEL.match(text)
    if not found:
        return Piece(label="", text=plain(text), line=line)
    label = plain(found["bold"] or found["bare"]).rstrip(":").strip()
    return Piece(label=label, text=plain(text[found.end() :]).lstrip(": "), line=line)
