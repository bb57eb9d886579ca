"""The forms in which a value shows up once templates, encoders and writers have had it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

__all__ = ["SHORTEST", "forms"]

SHORTEST = 6
"""Values that are shorter occur everywhere by chance, and are not searched for."""

_IN_USERINFO = "$&+,;="
_IN_PATH = "$&+,;=:@/"


def forms(value: str, token: str) -> Iterator[tuple[str, str]]:
    """Every searchable form of a value with what takes its place.

    Raw; escaped for JSON (as most write it, and as Go does) and for single quotes of YAML; escaped for the parts of a
    URL; Base64 of it, alone or inside something longer (where it starts at any of three offsets), and Base64 of that.
    """
    for text in _written(value):
        yield text, token
    for data in {value, value.replace("\n", "")}:
        yield from _encoded(data.encode("utf-8", "surrogatepass"), token)


def _written(value: str) -> set[str]:
    plain = json.dumps(value, ensure_ascii=False)[1:-1]
    go = plain
    for sign in "<>&\u2028\u2029":
        go = go.replace(sign, f"\\u{ord(sign):04x}")
    safe = value.encode("utf-8", "surrogatepass")
    escaped = {plain, go, json.dumps(value)[1:-1]}
    again = {text.replace("\\", "\\\\").replace('"', '\\"') for text in escaped}
    return {
        value,
        *escaped,
        *again,
        value.replace("'", "''"),
        quote(safe, safe=""),
        quote_plus(safe),
        quote(safe, safe=_IN_USERINFO),
        quote(safe, safe=_IN_PATH),
    }


def _encoded(data: bytes, token: str) -> Iterator[tuple[str, str]]:
    whole = base64.b64encode(data).decode()
    token_whole = base64.b64encode(token.encode()).decode()
    yield whole, token_whole
    yield base64.b64encode(whole.encode()).decode(), base64.b64encode(token_whole.encode()).decode()
    for offset in range(3):
        inner = _inner(data, offset)
        yield inner, token
        yield inner.replace("+", "-").replace("/", "_"), token
    yield _inner(whole.rstrip("=").encode(), 0), token


def _inner(data: bytes, offset: int) -> str:
    """The characters of Base64 that `data` alone decides when `offset` bytes stand before it."""
    text = base64.b64encode(b"\0" * offset + data).decode()
    first = (offset * 8 + 5) // 6
    return text[first : (offset + len(data)) * 8 // 6]
