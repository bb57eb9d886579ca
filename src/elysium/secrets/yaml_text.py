"""Where the parts of a YAML text stand, and edits of it: what no edit names stays byte for byte."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec

from elysium.errors import SealingError
from elysium.secrets.writing import is_text

__all__ = ["Change", "Node", "applied", "compose", "is_empty", "line_end", "next_line", "pair_of", "span_of", "text_of"]

Node: TypeAlias = Any
"""A node of ruamel.yaml, whose types leave out the fields that nodes have."""

_LARGEST = 4 << 20
_DEEPEST = 200
_NULL = "tag:yaml.org,2002:null"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def compose(text: str, subject: str) -> list[Node]:
    """The documents of a stream that are mappings, with positions. Raises SealingError for what is no YAML."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - a twentieth of a second that most runs can save
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.nodes import MappingNode  # noqa: PLC0415

    if len(text) > _LARGEST or _depth(text) > _DEEPEST:
        raise SealingError(
            "this file is too large or nested too deeply", subject=subject, hint="name the file of one SealedSecret"
        )
    hint = "mend the file first: `elysium check` explains what is wrong"
    try:
        found = list(YAML().compose_all(text))
    except MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        problem = error.problem or "a defect"
        raise SealingError(f"this is not YAML: {problem}", subject=f"{subject}{line}", hint=hint) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise SealingError("this is not YAML", subject=subject, hint=hint) from error
    return [node for node in found if isinstance(node, MappingNode)]


def _depth(text: str) -> int:
    """How deep brackets nest, roughly: the parser's time grows with the square of it."""
    steps = (1 if sign in "[{" else -1 for sign in text if sign in "[]{}")
    return max(itertools.accumulate(steps), default=0)


def pair_of(mapping: Node | None, key: str) -> tuple[Node, Node] | None:
    """The key and the value of an entry; of one that stands twice the last, as Kubernetes reads it."""
    pairs = mapping.value if mapping is not None and mapping.id == "mapping" else []
    return next((pair for pair in reversed(pairs) if pair[0].value == key), None)


def text_of(mapping: Node | None, key: str) -> str:
    """The text of an entry; empty when there is none, or when Kubernetes would not read a text there."""
    pair = pair_of(mapping, key)
    if pair is None or pair[1].id != "scalar":
        return ""
    node = pair[1]
    return str(node.value) if node.style or is_text(node.value) else ""


def is_empty(node: Node) -> bool:
    """Whether there is nothing: null, or a mapping without entries."""
    return bool(str(node.tag) == _NULL or (node.id == "mapping" and not node.value))


def line_end(text: str) -> str:
    """How the lines of a text end."""
    return "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"


def next_line(text: str, index: int) -> int:
    """Where the line after this place begins, or the text ends."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def span_of(text: str, key: Node, value: Node) -> tuple[int, int]:
    """Where a value begins and ends: an empty one after its colon, a block scalar before comments that follow it."""
    start, end = value.start_mark.index, value.end_mark.index
    if start == end:
        place = text.find(":", key.end_mark.index) + 1 or end
        return place, place
    return start, _block_end(text, key, start) if value.id == "scalar" and value.style in ("|", ">") else end


def _block_end(text: str, key: Node, start: int) -> int:
    end = place = next_line(text, start)
    indent = 0
    while place < len(text):
        line = text[place : next_line(text, place)]
        deep = len(line) - len(line.lstrip(" "))
        if line.strip():
            indent = indent or deep
            if deep < indent or deep <= key.start_mark.column:
                break
            end = place + len(line)
        place += len(line)
    return end


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text with changes that do not overlap; those at one place in the order given."""
    made, rest = [], 0
    for change in sorted(changes, key=lambda item: (item.start, item.end)):
        made += [text[rest : change.start], change.text]
        rest = change.end
    return "".join([*made, text[rest:]])
