"""YAML text as a tree of nodes that know where they stand, to the character.

The tree is made from the events of ruamel.yaml's parser: of its composed nodes, an alias stands where the anchor
stands, and a block collection ends where the next token begins. Here a node ends with its last content, before
comments and blank lines.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from elysium.scaffold.editing.errors import EditError

__all__ = ["MAXIMUM_CHARACTERS", "Alias", "Mapping", "Node", "Scalar", "Sequence", "parsed"]

MAXIMUM_CHARACTERS = 1 << 20
"""Files that people edit are small; the parser is slow, and text may come from anywhere."""

_DEEPEST = 60
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+(?:#[^\n]*\n\s*)*|$))*")
_COLON = re.compile(r"[ \t]*:")


class Node(msgspec.Struct, kw_only=True):
    """What stands in `text[start:end]`. `content` is where it begins behind its anchor and tag."""

    start: int
    content: int
    end: int
    line: int
    anchor: str | None = None
    tag: str | None = None


class Scalar(Node, kw_only=True):
    """A scalar: its value as a text, and its style (empty when plain, otherwise ' " | or >)."""

    value: str
    style: str = ""

    @property
    def is_null(self) -> bool:
        return not self.style and self.tag is None and self.value in {"", "~", "null", "Null", "NULL"}


class Alias(Node, kw_only=True):
    """A reference to the node with the anchor `name`."""

    name: str


class Sequence(Node, kw_only=True):
    """A list, in flow form (`[a, b]`) or in block form (lines with dashes)."""

    flow: bool
    items: list[Node]


class Mapping(Node, kw_only=True):
    """A mapping, in flow form (`{a: b}`) or in block form."""

    flow: bool
    pairs: list[tuple[Node, Node]]


def parsed(text: str, *, file: str = "") -> list[Node | None]:
    """The root of every document of `text`; None for a document that holds nothing."""
    from ruamel.yaml import YAML  # noqa: PLC0415  its import takes longer than most commands
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    if len(text) > MAXIMUM_CHARACTERS:
        raise EditError(f"longer than {MAXIMUM_CHARACTERS} characters", hint="edit it by hand", file=file)
    try:
        return _Builder(text, file).documents(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise EditError(f"not valid YAML: {error.problem or error.context}", line=line, hint=_MEND, file=file) from None
    except (YAMLError, ValueError, RecursionError) as error:
        first = str(error).partition("\n")[0] or "too deeply nested"
        raise EditError(f"not valid YAML: {first}", hint=_MEND, file=file) from None


_MEND = "mend the file, then run the same command again"


class _Builder:
    """Collects events to nodes, with the collections that are still open on a stack."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.roots: list[Node | None] = []
        self.open: list[tuple[Node, list[Node]]] = []

    def documents(self, events: Any) -> list[Node | None]:
        for event in events:
            match type(event).__name__:
                case "DocumentStartEvent":
                    self.roots.append(None)
                case "ScalarEvent":
                    self._add(self._scalar(event))
                case "AliasEvent":
                    self._add(Alias(**self._place(event, event.end_mark.index), name=event.anchor))
                case "SequenceStartEvent" | "MappingStartEvent":
                    self._begin(event)
                case "SequenceEndEvent" | "MappingEndEvent":
                    self._close(event)
        return self.roots

    def _place(self, event: Any, end: int) -> dict[str, Any]:
        start = event.start_mark.index
        has_properties = getattr(event, "tag", None) is not None or (
            getattr(event, "anchor", None) and self.text[start : start + 1] != "*"
        )
        content = start
        if has_properties and (found := _PROPERTIES.match(self.text, start)):
            content = found.end()
        return {"start": start, "content": content, "end": end, "line": event.start_mark.line + 1}

    def _scalar(self, event: Any) -> Scalar:
        place = self._place(event, event.end_mark.index)
        style = event.style or ""
        if style in {"|", ">"}:
            place["end"] = self._end_of_block(place)
        elif not event.value and not style:
            place |= self._empty(place, event)
        tag = str(event.tag) if event.tag is not None else None
        return Scalar(**place, value=event.value, style=style, anchor=event.anchor, tag=tag)

    def _end_of_block(self, place: dict[str, Any]) -> int:
        written = self.text[place["content"] : place["end"]]
        header = written.partition("\n")[0]
        if "+" in header.partition("#")[0]:
            return int(place["end"])  # blank lines behind it belong to it
        return int(place["content"]) + len(written.rstrip(" \r\n"))

    def _empty(self, place: dict[str, Any], event: Any) -> dict[str, Any]:
        """An empty value has the mark of the next token; it stands behind its colon, its dash or its anchor."""
        if event.anchor or event.tag is not None:
            end = len(self.text[: place["end"]].rstrip())
            return {"content": end, "end": end}
        if not self.open or not isinstance(self.open[-1][0], Mapping) or len(self.open[-1][1]) % 2 == 0:
            return {}
        key = self.open[-1][1][-1]
        colon = _COLON.match(self.text, key.end)
        position = colon.end() if colon else key.end
        return {"start": position, "content": position, "end": position, "line": key.line}

    def _begin(self, event: Any) -> None:
        if len(self.open) >= _DEEPEST:
            line = event.start_mark.line + 1
            raise EditError(f"nested deeper than {_DEEPEST} levels", line=line, hint="edit it by hand", file=self.file)
        tag = str(event.tag) if event.tag is not None else None
        shared = self._place(event, -1) | {"anchor": event.anchor, "tag": tag, "flow": bool(event.flow_style)}
        is_list = type(event).__name__ == "SequenceStartEvent"
        node: Node = Sequence(**shared, items=[]) if is_list else Mapping(**shared, pairs=[])
        self.open.append((node, []))

    def _close(self, event: Any) -> None:
        node, children = self.open.pop()
        if isinstance(node, Sequence):
            node.items = children
        elif isinstance(node, Mapping):
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
        flow = isinstance(node, (Sequence, Mapping)) and node.flow
        node.end = event.end_mark.index if flow or not children else children[-1].end
        self._add(node)

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][1].append(node)
        elif isinstance(node, Scalar) and not node.value and not node.style and node.tag is None and not node.anchor:
            self.roots[-1] = None
        else:
            self.roots[-1] = node
