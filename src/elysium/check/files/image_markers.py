"""Markers of image automation: comments beside a value that say which policy writes it.

Flux reads a line comment that consists of JSON alone, on the line of a scalar, in files `*.yaml`, `*.yml` and
`Kustomization` (image-automation-controller, `pkg/update`).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.flux.comments import without_comments

__all__ = ["Marker", "markers"]

_MARKER = re.compile(r"""[$]image-?policy["']?\s*:""", re.I)
_SCALAR = re.compile(
    r"""^\s*(?:-\s+)*(?:(?P<key>[\w."'/-]+)\s*:\s+)?(?P<value>[^\s{\[|>&*!#].*?|"[^"]*"|'[^']*')\s*$"""
)


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """A marker as it is written. `fault` says why Flux does not see it; `key` and `value` are the scalar beside it."""

    file: str
    line: int
    policy: str = ""
    part: str = ""
    key: str = ""
    value: str = ""
    fault: str = ""


def markers(context: Context) -> Iterator[Marker]:
    """Every marker of the repository's YAML files, also those that Flux does not see."""
    for path in context.paths:
        name = posixpath.basename(path)
        if name.endswith((".yaml", ".yml")) or name == "Kustomization":
            text = context.text(path)
            if "$image" in text:
                yield from _of_text(path, text)


def _of_text(path: str, text: str) -> Iterator[Marker]:
    for number, (bare, line) in enumerate(zip(without_comments(text), text.splitlines(), strict=False), 1):
        comment = line[len(bare) :].strip().removeprefix("#").strip()
        if not _MARKER.search(comment) or comment.startswith("#"):
            continue
        if not bare.strip():
            if comment.startswith("{"):
                yield Marker(file=path, line=number, fault="stands on a line of its own, not beside a value")
        else:
            yield _beside(path, number, bare, comment)


def _beside(path: str, number: int, bare: str, comment: str) -> Marker:
    scalar = _SCALAR.match(bare)
    if scalar and not scalar["key"] and (": " in scalar["value"] or scalar["value"].endswith(":")):
        scalar = None
    key = (scalar["key"] or "").strip("\"'") if scalar else ""
    value = scalar["value"].strip("\"'") if scalar else ""
    marker = Marker(file=path, line=number, key=key, value=value)
    try:
        parsed = json.loads(comment)
    except ValueError:
        start = "has text before its JSON" if not comment.startswith("{") else "is not JSON alone"
        return msgspec.structs.replace(marker, fault=start)
    if not isinstance(parsed, dict) or "$imagepolicy" not in parsed:
        return msgspec.structs.replace(marker, fault='has another key than "$imagepolicy"')
    setter = parsed["$imagepolicy"]
    parts = setter.split(":") if isinstance(setter, str) else []
    if len(parts) not in (2, 3) or not all(parts):
        return msgspec.structs.replace(marker, fault="does not name its policy as namespace:name")
    if len(parts) == 3 and parts[2] not in ("tag", "name", "digest"):
        return msgspec.structs.replace(marker, fault=f"asks for {parts[2]!r}, where Flux knows tag, name and digest")
    if scalar is None:
        return msgspec.structs.replace(marker, fault="stands beside no single value")
    part = parts[2] if len(parts) == 3 else ""
    return msgspec.structs.replace(marker, policy=f"{parts[0]}:{parts[1]}", part=part)
