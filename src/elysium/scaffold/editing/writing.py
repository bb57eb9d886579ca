"""How values are written as YAML: plain where every reader agrees on it, quoted otherwise.

Flux and Kustomize read YAML 1.1 in places and 1.2 in others, so a text that either of them takes for a number, a truth
value, a date or nothing is quoted.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from elysium.kit.quoting import double_quoted

__all__ = ["Verbatim", "block", "flow", "pair", "scalar"]

_WORDS = {"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "="}
_NUMBER = re.compile(r"[-+]?[.]?[0-9][0-9_:.,eExXoOa-fA-F+-]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_NO_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+){2,}(?:-[A-Za-z][0-9A-Za-z.-]*)?")  # 1.2.3 is a version everywhere
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[-?:](?=[^\s,\[\]{}])")
_UNSAFE = re.compile(r":(?:\s|$)|\s#|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]|\s$")
_LINES = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*")


class Verbatim(msgspec.Struct, frozen=True, kw_only=True):
    """A structure that is given as YAML text: written as it is in block form, by its value in flow form."""

    text: str
    value: Any


def scalar(value: object, *, quote: str = "", flow: bool = False) -> str:
    """A scalar in one line. `quote` is how the neighbours are quoted."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return json.dumps(value)
    text = str(value)
    if not quote and _can_be_plain(text, flow):
        return text
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return double_quoted(text)


def flow(value: object) -> str:
    """A value in flow form, in one line."""
    if isinstance(value, Verbatim):
        return flow(value.value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key, flow=True)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, flow=True)


def block(value: Any, *, step: int = 2, dash: int = 2) -> list[str]:
    """A value in block form, in lines: mappings indented by `step`, lists below a key by `dash`."""
    if isinstance(value, Verbatim):
        return textwrap.dedent(value.text.replace("\r\n", "\n")).strip("\n").split("\n")
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in pair(str(key), item, step=step, dash=dash)]
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return [line for item in value for line in _item(block(item, step=step, dash=dash))]
    if (
        isinstance(value, str)
        and "\n" in value.strip("\n")
        and _LINES.fullmatch(value)
        and not value.startswith((" ", "\n", "\t"))
    ):
        return _literal(value, step)
    return [flow(value) if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str) else scalar(value)]


def pair(key: str, value: Any, *, step: int = 2, dash: int = 2) -> list[str]:
    """A key and its value in block form, in lines."""
    lines = block(value, step=step, dash=dash)
    name = scalar(key)
    if isinstance(value, (Mapping, list, tuple)) and value:
        columns = step if isinstance(value, Mapping) else dash
        return [f"{name}:", *(" " * columns + line if line else "" for line in lines)]
    return [f"{name}: {lines[0]}", *lines[1:]]


def _item(lines: list[str]) -> list[str]:
    return [f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])]


def _literal(value: str, step: int) -> list[str]:
    body = value.rstrip("\n")
    breaks = len(value) - len(body)
    chomping = ("-", "", "+")[min(breaks, 2)]
    lines = [" " * step + line if line else "" for line in body.split("\n")]
    return [f"|{chomping}", *lines, *[""] * max(breaks - 1, 0)]


def _can_be_plain(text: str, in_flow: bool) -> bool:
    if text.lower() in _WORDS or not _PLAIN.match(text) or _UNSAFE.search(text):
        return False
    if text.startswith(("---", "...")) or (in_flow and re.search(r"^[-:]|[,\[\]{}?]|:$", text)):
        return False
    return not (_DATE.fullmatch(text) or (_NUMBER.fullmatch(text) and not _NO_NUMBER.fullmatch(text)))
