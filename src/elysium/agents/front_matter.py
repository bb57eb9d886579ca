"""Front matter: the YAML between two lines `---` at the beginning of a file, read with the place of every value.

It comes from whoever wrote the file, so its size and depth are bounded, and aliases are refused before anything is
built: a few lines of them can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["Entry", "FrontMatter", "FrontMatterError", "parse", "split"]

_HEAD = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<head>(?:(?!---[ \t]*\r?$).*\n)*)---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_BEGUN = re.compile(r"\ufeff?---[ \t]*\r?\n[A-Za-z][\w-]{0,60}[ \t]*:")
_LARGEST = 64 << 10
_DEEPEST = 20
_MOST_EVENTS = 5000
_QUOTE = "quote it: a text that begins with *, &, !, %, @ or ` is no plain text in YAML"


class FrontMatterError(Exception):
    """It cannot be read; the place is that of the file, from 1."""

    def __init__(self, message: str, line: int, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A key of the front matter with its value as plain data, and where the key stands."""

    key: str
    value: Any
    line: int
    column: int = 1


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True):
    """The keys in the order of the file."""

    entries: tuple[Entry, ...] = ()

    def get(self, key: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def text(self, key: str) -> str:
        """A value that is a text; empty where it is none."""
        entry = self.get(key)
        return entry.value if entry and isinstance(entry.value, str) else ""


def split(text: str) -> tuple[str, str]:
    """The front matter without its lines `---`, and the rest. Without front matter the first is empty.

    Raises FrontMatterError when it is begun and not ended.
    """
    found = _HEAD.match(text)
    if found:
        return found["head"], text[found.end() :]
    if _BEGUN.match(text):  # anything else is a rule across the page
        raise FrontMatterError("the front matter has no end", 1, hint="end it with a line ---")
    return "", text


def parse(head: str, first_line: int = 2) -> FrontMatter:
    """The front matter as data. Raises FrontMatterError with the place in the file."""
    if len(head) > _LARGEST:
        raise FrontMatterError("the front matter is larger than 64 KiB", first_line)
    try:
        _require_small(head, first_line)
        node = YAML(typ="safe", pure=True).compose(head)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column + 1) if mark else (0, 1)
        hint = _QUOTE if _begins_like_a_mark(head, line, column) else ""
        raise FrontMatterError(_said(error), first_line + line, column, hint) from None
    except (YAMLError, ValueError) as error:
        raise FrontMatterError(" ".join(str(error).split())[:200], first_line) from None
    if node is None:
        return FrontMatter()
    if not isinstance(node, MappingNode):
        raise FrontMatterError("the front matter is no mapping", first_line, hint="write KEY: VALUE")
    return FrontMatter(entries=tuple(_entries(node, first_line)))


def _require_small(head: str, first_line: int) -> None:
    depth = 0
    for number, event in enumerate(YAML(typ="safe", pure=True).parse(head)):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, AliasEvent):
            column = event.start_mark.column + 1
            raise FrontMatterError("an alias is not read here", line, column, _QUOTE)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST or number > _MOST_EVENTS:
            raise FrontMatterError("the front matter is nested too deeply or too long", line)


def _entries(node: MappingNode, first_line: int) -> Iterator[Entry]:
    seen: set[str] = set()
    for key, value in node.value:
        mark = key.start_mark
        name = str(_data(key))
        if name in seen:
            raise FrontMatterError(f"the key {name[:60]!r} is there twice", first_line + mark.line, mark.column + 1)
        seen.add(name)
        yield Entry(key=name, value=_data(value), line=first_line + mark.line, column=mark.column + 1)


def _data(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {str(_data(key)): _data(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_data(inner) for inner in node.value]
    assert isinstance(node, ScalarNode)
    return _scalar(str(node.tag), str(node.value))


def _scalar(tag: str, text: str) -> Any:
    """What a scalar is; of numbers and dates only that they are no texts matters here."""
    kind = tag.rpartition(":")[2]
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "null":
        return None
    if kind == "int":
        return int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 20 else 0
    return 0.0 if kind == "float" else text


def _begins_like_a_mark(head: str, line: int, column: int) -> bool:
    lines = head.splitlines()
    rest = lines[line][column - 1 :] if line < len(lines) else ""
    before = lines[line][: column - 1].rstrip() if line < len(lines) else ""
    return rest[:1] in ("*", "&", "!", "%", "@", "`") or before[-1:] in ("*", "&", "!", "%", "@", "`")


def _said(error: MarkedYAMLError) -> str:
    return " ".join(str(error.problem or error.context or "this is no YAML").split())[:200]
