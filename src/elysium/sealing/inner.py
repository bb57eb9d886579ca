"""The values inside a value: a Secret may hold a whole file of passwords, of which a template takes one."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["inner_values", "leaf_values"]

_ASSIGNMENT = re.compile(r"""^\s*(?:export\s+|-\s+)?["']?[A-Za-z_][\w.-]*["']?\s*[:=]\s*(.+?)\s*$""")
_LONGEST = 1 << 20
_WORDS = (
    "Always IfNotPresent ClusterIP NodePort LoadBalancer ExternalName ReadWriteOnce ReadWriteMany ReadOnlyMany "
    "ReadWriteOncePod RollingUpdate Recreate OnDelete Prefix ImplementationSpecific OnFailure default disabled enabled "
    "RuntimeDefault Localhost Unconfined Cluster Delete Retain Opaque strict"
)
_PUBLIC = frozenset(_WORDS.split())
"""Words of Kubernetes that are no secret even where they stand beside one."""


def inner_values(value: str) -> Iterator[str]:
    """Values that stand in the lines, the JSON or the URL that a value is."""
    if len(value) > _LONGEST:
        return
    for line in value.splitlines():
        if match := _ASSIGNMENT.match(line):
            yield from _unquoted(match.group(1))
    if value.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            yield from leaf_values(json.loads(value))
    if "://" in value:
        yield from _password(value.strip())


def leaf_values(data: Any, key: str = "") -> Iterator[str]:
    """The texts and numbers of decoded data, and the login that a registry's `auth` is."""
    if isinstance(data, dict):
        for name, item in data.items():
            yield from leaf_values(item, str(name))
    elif isinstance(data, list):
        for item in data:
            yield from leaf_values(item, key)
    elif isinstance(data, str) and data not in _PUBLIC:
        yield data
        if key == "auth":
            yield from _login(data)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield str(data)


def _unquoted(text: str) -> Iterator[str]:
    if text not in _PUBLIC:
        yield text
        yield text.strip("\"'")
        yield text.strip("\"'{}[], ")
        yield from _password(text.strip("\"'"))


def _login(text: str) -> Iterator[str]:
    try:
        login = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    yield login
    yield login.partition(":")[2]


def _password(text: str) -> Iterator[str]:
    try:
        password = urlsplit(text).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)
