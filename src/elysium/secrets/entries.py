"""Add entries to a mapping of a YAML or JSON text, and replace the values of those that are there."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping

import msgspec

from elysium.errors import SealingError
from elysium.kit.quoting import double_quoted
from elysium.secrets.writing import order_of, scalar
from elysium.secrets.yaml_text import Change, Node, line_end, next_line, span_of

__all__ = ["Style", "added", "filled", "indented", "new_lines", "replaced"]

_STEP = 2


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written: in braces or in lines, in quotes or not, and how its lines end."""

    braces: bool
    quotes: bool
    end: str

    @classmethod
    def of(cls, text: str, root: Node, holder: Node) -> Style:
        """The style at a mapping: JSON is what stands in braces and quotes its keys."""
        quotes = bool(root.flow_style and root.value and root.value[0][0].style == '"')
        return cls(braces=bool(root.flow_style or holder.flow_style), quotes=quotes, end=line_end(text))

    def text(self, text: str) -> str:
        return double_quoted(text) if self.quotes else scalar(text)

    def pair(self, key: str, value: str) -> str:
        return f"{self.text(key)}: {self.text(value)}"

    def inline(self, items: Mapping[str, str]) -> str:
        return ", ".join(self.pair(key, value) for key, value in items.items())


def replaced(text: str, pair: tuple[Node, Node], value: str) -> Change:
    """The edit that gives an entry another value, in the quotes that it has. Raises SealingError where it is shared."""
    key, node = pair
    start, end = span_of(text, key, node)
    if node.id != "scalar" or node.anchor or node.start_mark.index < key.end_mark.index:
        hint = "write the value of each key out, as a text"
        raise SealingError(f"encryptedData {json.dumps(key.value)} is no text of its own", hint=hint)
    if start == end:
        return Change(start=start, end=end, text=f" {value}")
    if node.style in ("|", ">"):
        return Change(start=start, end=end, text=value + (line_end(text) if text[end - 1] == "\n" else ""))
    mark = node.style or ""
    return Change(start=start, end=end, text=f"{mark}{value}{mark}")


def added(text: str, holder: tuple[Node, Node], items: Mapping[str, str], style: Style) -> Iterator[Change]:
    """The edits that add entries to a mapping that has some: in order when it is in order, else at its end."""
    mapping = holder[1]
    keys = [order_of(str(key.value)) for key, _ in mapping.value]
    ordered = keys == sorted(keys)

    def before(key: str) -> int:
        return sum(known < order_of(key) for known in keys) if ordered else len(keys)

    for position, group in itertools.groupby(sorted(items, key=order_of), before):
        part = {key: items[key] for key in group}
        if mapping.flow_style:
            yield from _in_braces(text, mapping, position, part, style)
        else:
            yield _in_lines(text, holder, position, part, style)


def filled(text: str, holder: tuple[Node, Node], lines: list[str], inline: str, style: Style) -> Iterator[Change]:
    """The edits that put entries where nothing is: below the key, or in braces when what is around stands in some."""
    key, node = holder
    start, end = span_of(text, key, node)
    old = text[start:end]
    if style.braces or "#" in old or node.anchor:
        space = "" if text[start - 1 : start].isspace() else " "
        yield Change(start=start, end=end, text=f"{space}{{{inline}}}")
        return
    if old:
        yield Change(start=start - (text[start - 1] == " "), end=end, text="")
    yield new_lines(text, end, indented(lines, key.start_mark.column + _STEP), style)


def indented(lines: list[str], column: int) -> list[str]:
    """The lines at a column."""
    return [" " * column + line for line in lines]


def _in_lines(text: str, holder: tuple[Node, Node], position: int, items: Mapping[str, str], style: Style) -> Change:
    key, mapping = holder
    column = mapping.value[0][0].start_mark.column
    after = span_of(text, *mapping.value[position - 1])[1] if position else key.end_mark.index
    return new_lines(text, after, indented([style.pair(*item) for item in items.items()], column), style)


def new_lines(text: str, after: int, lines: list[str], style: Style) -> Change:
    """Whole lines after the line of a place; a block scalar ends where its next line begins."""
    at_start = after > 0 and text[after - 1] == "\n"
    place = after if at_start else next_line(text, after)
    missing = style.end if place == len(text) and not text.endswith("\n") else ""
    return Change(start=place, end=place, text=missing + "".join(line + style.end for line in lines))


def _in_braces(text: str, mapping: Node, position: int, items: Mapping[str, str], style: Style) -> Iterator[Change]:
    pairs = mapping.value
    previous = span_of(text, *pairs[position - 1])[1] if position else text.index("{", mapping.start_mark.index) + 1
    following = pairs[position][0].start_mark.index if position < len(pairs) else mapping.end_mark.index - 1
    comma = _comma(text, previous, following) if position else -1
    last = comma < 0 and position > 0
    head = text[previous:following] if last or not position else text[comma:following]
    known = pairs[max(position - 1, 0)][0]
    if "\n" not in head or "\n" in text[previous : max(comma, previous)]:
        yield _inline(previous, following, position, items, style)
        return
    if last:
        yield Change(start=previous, end=previous, text=",")
    lines = [" " * known.start_mark.column + style.pair(*item) + "," for item in items.items()]
    if last:
        lines[-1] = lines[-1].removesuffix(",")
    place = next_line(text, max(comma, previous))
    yield Change(start=place, end=place, text="".join(line + style.end for line in lines))


def _inline(previous: int, following: int, position: int, items: Mapping[str, str], style: Style) -> Change:
    place, inline = (previous, f", {style.inline(items)}") if position else (following, f"{style.inline(items)}, ")
    return Change(start=place, end=place, text=inline)


def _comma(text: str, start: int, end: int) -> int:
    """Where the comma between two places stands that is in no comment; -1 when there is none."""
    place = start
    while place < end and text[place] != ",":
        place = next_line(text, place) if text[place] == "#" else place + 1
    return place if place < end else -1
