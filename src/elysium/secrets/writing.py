"""Write small structures as YAML the way Kubernetes' own writer does: block style, keys sorted, two spaces.

A text is quoted where a reader of YAML 1.1, as Kubernetes is one, would take it for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elysium.kit.quoting import double_quoted

__all__ = ["is_plain", "is_text", "json_text", "order_of", "scalar", "yaml_lines"]

_WORD = re.compile(r"[A-Za-z_][-A-Za-z0-9_./+=]*|\.[A-Za-z_][-A-Za-z0-9_./]*|[0-9][-A-Za-z0-9_./]*")
_OTHER = frozenset({"", "~", "y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", ".nan"})
_NUMBER_LIKE = re.compile(r"[-+0-9a-fox_.:]*(?:t[-0-9.:]*z?)?", re.IGNORECASE)
_DIGITS = "0123456789"
_PARTS = re.compile(r"[0-9]+|.", re.DOTALL)


def is_text(text: str) -> bool:
    """Whether an unquoted scalar of this content is read as a text: not as a boolean, a number or nothing."""
    if text.lower() in _OTHER:
        return False
    return text[0] not in "+-.0123456789" or not _NUMBER_LIKE.fullmatch(text)


def is_plain(text: str) -> bool:
    """Whether a text may be written without quotes, so that YAML 1.1 and 1.2 read it alike."""
    return bool(_WORD.fullmatch(text)) and is_text(text)


def order_of(key: str) -> tuple[tuple[int, int, int, str], ...]:
    """The order of keys in what Kubernetes writes: other signs before numbers, `key2` before `key10`, letters last."""
    return tuple(
        (1, int(part), len(part), "") if part[0] in _DIGITS else (2 if part.isalpha() else 0, 0, 0, part)
        for part in _PARTS.findall(key)
    )


def scalar(value: str | bool | int | None) -> str:
    """A single value in one line."""
    if not isinstance(value, str):
        return json.dumps(value)
    return value if is_plain(value) else double_quoted(value)


def yaml_lines(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[str]:
    """The lines of a mapping, or of a list of texts."""
    if not isinstance(value, Mapping):
        yield from (f"- {scalar(item)}" for item in value)
        return
    for key in sorted(value, key=order_of):
        item = value[key]
        if not isinstance(item, Mapping | list | tuple):
            yield f"{scalar(key)}: {scalar(item)}"
        elif not item:
            yield f"{scalar(key)}: {'{}' if isinstance(item, Mapping) else '[]'}"
        else:
            yield f"{scalar(key)}:"
            indent = "  " if isinstance(item, Mapping) else ""
            yield from (f"{indent}{line}" for line in yaml_lines(item))


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON as Go writes it: in the order given, compact without an indentation, with `<`, `>` and `&` escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
