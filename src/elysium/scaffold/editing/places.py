"""Finding the place that a path of keys and numbers names, and the style that a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as AnySequence

import msgspec

from elysium.scaffold.editing import lines
from elysium.scaffold.editing.errors import EditError
from elysium.scaffold.editing.nodes import Alias, Mapping, Node, Scalar, Sequence, parsed

__all__ = ["Page", "Style", "dash", "place_of", "style_of", "walk"]

_TO_DASH = re.compile(r"(?:\s|#[^\n]*(?:\n|\Z))*-")


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a text is written: columns by which mappings and lists are indented below a key, and the form of lists."""

    step: int = 2
    dash: int = 2
    flow_lists: bool = False
    newline: str = "\n"


class Page:
    """A text, one document of it, and the file's name for messages."""

    def __init__(self, text: str, *, document: int | None = None, file: str = "") -> None:
        self.text = text
        self.file = file
        self.roots = parsed(text, file=file)
        self.number = self._chosen(document)
        self.root = self.roots[self.number] if self.roots else None
        self.style = style_of(text, self.root)

    def _chosen(self, document: int | None) -> int:
        filled = [index for index, root in enumerate(self.roots) if root is not None]
        if document is None:
            if len(filled) > 1:
                hint = "say which document is meant, by its kind and name"
                raise EditError(f"{len(filled)} documents stand in this file", hint=hint, file=self.file)
            return filled[0] if filled else 0
        if not 0 <= document < max(len(self.roots), 1):
            raise EditError(f"there is no document number {document + 1}", file=self.file)
        return document

    def fault(self, message: str, node: Node, hint: str = "") -> EditError:
        """An error that says where, and what stands there."""
        first = self.text[node.start : node.end].partition("\n")[0].strip()
        stands = f": {first[:80]}" if first else ""
        return EditError(message + stands, line=node.line, hint=hint, file=self.file)


def place_of(page: Page, path: AnySequence[str | int]) -> tuple[list[Node], int]:
    """The nodes along `path` from the root as far as there are any, and how many of the path's parts they are."""
    if page.root is None:
        return [], 0
    nodes = [page.root]
    for depth, part in enumerate(path):
        found = _child(page, nodes[-1], part, path[:depth])
        if found is None:
            return nodes, depth
        nodes.append(found)
    return nodes, len(path)


def _child(page: Page, node: Node, part: str | int, above: AnySequence[str | int]) -> Node | None:
    where = ".".join(map(str, above)) or "the document"
    match node:
        case Mapping() if isinstance(part, str):
            return _value_at(page, node, part)
        case Sequence() if isinstance(part, int):
            if not -len(node.items) <= part < len(node.items):
                raise page.fault(f"{where} has no item number {part}", node)
            return node.items[part]
        case Alias():
            raise page.fault(f"{where} is an alias of what stands elsewhere", node, "write it out, or edit it by hand")
        case Scalar() if node.is_null and isinstance(part, str):
            return None
        case _:
            wanted = "a mapping" if isinstance(part, str) else "a list"
            raise page.fault(f"{where} is not {wanted}", node)


def _value_at(page: Page, node: Mapping, key: str) -> Node | None:
    found = [value for name, value in node.pairs if isinstance(name, Scalar) and name.value == key]
    if len(found) > 1:
        raise page.fault(f"the key {key} stands twice in one mapping", found[1], "remove one of them")
    return found[0] if found else None


def dash(text: str, sequence: Sequence, index: int) -> int:
    """Where the dash of an item stands."""
    item = sequence.items[index]
    start = sequence.content if index == 0 else sequence.items[index - 1].end
    found = _TO_DASH.match(text, start)
    if found is None or found.end() > max(item.start, start + 1):
        raise EditError("a list is written in a way that cannot be edited", line=item.line)
    return found.end() - 1


def walk(node: Node | None) -> Iterator[tuple[Node, Node | None]]:
    """Every node below and with `node`, each with the key that it stands at."""
    if node is not None:
        yield node, None
    match node:
        case Mapping():
            for key, value in node.pairs:
                for found, at in walk(value):
                    yield found, key if found is value else at
        case Sequence():
            for item in node.items:
                yield from walk(item)


def style_of(text: str, root: Node | None) -> Style:
    """The style of the first places that show one."""
    step = dashes = 0
    block_lists = flow_lists = 0
    for node, key in walk(root):
        if isinstance(node, Sequence) and node.items:
            block_lists, flow_lists = block_lists + (not node.flow), flow_lists + node.flow
        if key is None or isinstance(node, (Scalar, Alias)) or (node.line == key.line and node.content == node.start):
            continue
        columns = _columns(text, node, key)
        if isinstance(node, Mapping) and not node.flow:
            step = step or columns
        elif isinstance(node, Sequence) and not node.flow and node.items:
            dashes = dashes or columns + 1
    indentation = step if step > 0 else 2
    return Style(
        step=indentation,
        dash=dashes - 1 if dashes > 0 else min(indentation, 2),
        flow_lists=bool(flow_lists) and not block_lists,
        newline=lines.line_break(text),
    )


def _columns(text: str, node: Node, key: Node) -> int:
    """By how many columns a collection in block form is indented below its key."""
    first = node.content
    if isinstance(node, Mapping) and node.pairs:
        first = node.pairs[0][0].start
    elif isinstance(node, Sequence) and not node.flow and node.items:
        first = dash(text, node, 0)
    return lines.column(text, first) - lines.column(text, key.start)
