"""Values at a path: setting one, with the mappings above it where they are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence as AnySequence
from typing import Any

from elysium.scaffold.editing import lines, writing
from elysium.scaffold.editing.data import plain
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import Alias, Mapping, Node, Scalar, Sequence
from elysium.scaffold.editing.places import Page, dash, place_of, walk
from elysium.scaffold.editing.verifying import verified

__all__ = ["place", "set_value"]

_COLON = re.compile(r"[ \t]*:")
_PROPERTIES = re.compile(r"[&!]\S*(?:[ \t]+[&!]\S*)*")

Path = AnySequence[str | int]


def set_value(
    text: str, path: Path, value: Any, *, only_missing: bool = False, document: int | None = None, file: str = ""
) -> str:
    """`text` with `value` (in Python's types) at `path`. With `only_missing`, what is there stays, also an empty value.

    A text is written so that every reader takes it for a text: `"1000"` gets quotes, a text of several lines a block.
    """
    page = Page(text, document=document, file=file)
    nodes, depth = place_of(page, path)
    if depth == len(path) and nodes:
        now = plain(nodes[-1])
        if only_missing or (now == value and type(now) is type(value)):
            return text
    elif only_missing and nodes and _is_merged_in(page, nodes[-1], path[depth]):
        return text
    return verified(page, place(page, path, value), tuple(path))


def place(page: Page, path: Path, value: Any) -> str:
    """The text with the value at the path, whatever is there."""
    nodes, depth = place_of(page, path)
    if depth == len(path) and nodes:
        return _replaced(page, nodes, path, value)
    rest = path[depth:]
    for part in reversed(rest[1:]):
        value = {_name(page, part): value}
    key = _name(page, rest[0])
    if not nodes:
        return _appended(page, {key: value})
    parent = nodes[-1]
    if not isinstance(parent, Mapping) or not parent.pairs:
        return _replaced(page, nodes, path[:depth], {key: value})
    if parent.flow:
        written = f"{writing.scalar(key, flow=True)}: {writing.flow(value)}"
        end = parent.pairs[-1][1].end
        return f"{page.text[:end]}, {written}{page.text[end:]}"
    return _added(page, parent, key, value)


def _name(page: Page, part: str | int) -> str:
    if isinstance(part, int):
        raise EditError(f"there is no list with an item number {part}", file=page.file)
    return part


def _appended(page: Page, value: Any) -> str:
    """A document that holds nothing yet begins at the end of the text."""
    if page.number < len(page.roots) - 1:
        raise EditError("an empty document stands before others", hint="remove it", file=page.file)
    written = page.style.newline.join(writing.block(value, step=page.style.step, dash=page.style.dash))
    if page.text and not page.text.endswith("\n"):
        return page.text + page.style.newline + written + page.style.newline
    return page.text + written + page.style.newline


def _added(page: Page, parent: Mapping, key: str, value: Any) -> str:
    columns = lines.column(page.text, parent.pairs[0][0].start)
    if page.style.flow_lists and isinstance(value, list):
        written = [f"{writing.scalar(key)}: {writing.flow(value)}"]
    else:
        written = writing.pair(key, value, step=page.style.step, dash=page.style.dash)
    block = page.style.newline.join(" " * columns + line if line else "" for line in written)
    return lines.inserted(page.text, lines.behind(page.text, parent.end, columns), block, page.style.newline)


def _replaced(page: Page, nodes: list[Node], path: Path, value: Any) -> str:
    """The last node's text replaced: in its line where it fits into one, otherwise by lines below its key."""
    text, node = page.text, nodes[-1]
    if any(isinstance(above, (Mapping, Sequence)) and above.flow for above in nodes[:-1]):
        return _spliced(text, node, writing.flow(value))
    if not path:
        written = page.style.newline.join(writing.block(value, step=page.style.step, dash=page.style.dash))
        return text[: node.content] + written + text[node.end :]
    inline, below = _written(page, node, value)
    if not below and isinstance(node, (Scalar, Alias)) and node.end > node.content and text[node.content] not in "|>":
        return _spliced(text, node, inline)
    head, columns = _head(page, nodes, path)
    return _composed(page, node, head, inline, [" " * columns + line if line else "" for line in below])


def _written(page: Page, node: Node, value: Any) -> tuple[str, list[str]]:
    """What stands behind the key, and the lines below it."""
    if isinstance(value, list) and value and page.style.flow_lists:
        return writing.flow(value), []
    if isinstance(value, str) and isinstance(node, Scalar) and node.style in {"'", '"'} and "\n" not in value:
        return writing.scalar(value, quote=node.style), []
    first, *below = writing.pair("k", value, step=page.style.step, dash=page.style.dash)
    return first.removeprefix("k:").strip(), below


def _spliced(text: str, node: Node, written: str) -> str:
    space = "" if text[node.content - 1 : node.content] in ("", " ", "\n", "[", "{", ",") else " "
    return text[: node.content] + space + written + text[node.end :]


def _head(page: Page, nodes: list[Node], path: Path) -> tuple[int, int]:
    """Where the last node's value can begin (behind its colon or dash, and its anchor), and the column of its key."""
    text, node, parent = page.text, nodes[-1], nodes[-2]
    if isinstance(parent, Sequence):
        mark = dash(text, parent, parent.items.index(node))
        head, columns = mark + 1, lines.column(text, mark)
    else:
        key = next(key for key, value in parent.pairs if value is node) if isinstance(parent, Mapping) else parent
        colon = _COLON.match(text, key.end)
        if colon is None:
            raise page.fault(f"the key {path[-1]} is written in a way that cannot be edited", key)
        head, columns = colon.end(), lines.column(text, key.start)
    if node.content > node.start and (found := _PROPERTIES.match(text, node.start)):
        head = found.end()
    return head, columns


def _composed(page: Page, node: Node, head: int, inline: str, below: list[str]) -> str:
    """The text with `inline` behind `head` and the lines `below`; a comment behind the old value stays in its line."""
    text, newline = page.text, page.style.newline
    first = lines.line_start(text, node.content)
    if first > head:
        rest, tail = text[head:first], text[lines.line_end(text, node.end) :]
    else:
        end = lines.line_end(text, node.end)
        rest, tail = text[node.end : end], text[end:]
        if text[node.end - 1] == "\n":
            rest = newline
    block = newline.join(below)
    if block and rest.endswith("\n"):
        block += newline
    elif block:
        block = newline + block
    return text[:head] + (f" {inline}" if inline else "") + rest + block + tail


def _is_merged_in(page: Page, node: Node, key: str | int) -> bool:
    """Whether a mapping has a key by `<<`."""
    if not isinstance(node, Mapping):
        return False
    known = {found.anchor: found for found, _ in walk(page.root) if found.anchor and isinstance(found, Mapping)}
    sources = [value for name, value in node.pairs if isinstance(name, Scalar) and name.value == "<<"]
    aliases = [item for value in sources for item in (value.items if isinstance(value, Sequence) else [value])]
    return any(
        isinstance(name, Scalar) and name.value == key
        for alias in aliases
        if isinstance(alias, Alias) and (anchored := known.get(alias.name)) is not None
        for name, _ in anchored.pairs
    )
