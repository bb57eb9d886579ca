"""The charts of the repository that run an image, and the environment variables in their values.

A chart belongs to an image when the last part of `image.repository` in its values is the image's name. Variables are
the keys of `config`, `env` and the like, as a mapping or as a list of `name` and `value`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.errors import EngineError
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["ChartVariables", "charts_of"]

_KEYS = ("config", "env", "environment", "extraEnv", "envVars")
_NAME = re.compile(r"[A-Z][A-Z0-9_]+\Z")
_LARGEST = 500_000


class ChartVariables(msgspec.Struct, frozen=True, kw_only=True):
    """A chart: its folder, its values file, the variables that it sets with the line of each, and all its text.

    `own_command`: it starts something else than the entrypoint of the image.
    """

    folder: str
    values: str
    settings: dict[str, int]
    text: str
    own_command: bool


def charts_of(context: Context, image: str) -> Iterator[ChartVariables]:
    """Every chart whose values name the image."""
    known = set(context.paths)
    for path in sorted(known):
        folder, name = posixpath.split(path)
        values = posixpath.join(folder, "values.yaml")
        if name != "Chart.yaml" or values not in known or not image:
            continue
        text = context.text(values)
        body = _decoded(context, text)
        if _image(body) == image:
            inside = [other for other in context.paths if other.startswith(f"{folder}/")]
            yield ChartVariables(
                folder=folder,
                values=values,
                settings={key: _line(text, key) for key in _names(body)},
                text="\n".join(context.text(other) for other in inside),
                own_command=bool(body.get("command")),
            )


def _decoded(context: Context, text: str) -> dict[str, Any]:
    try:
        bodies = context.decode(text) if len(text) <= _LARGEST else []
    except EngineError:
        return {}
    return mapping(bodies[0]) if bodies else {}


def _image(values: dict[str, Any]) -> str:
    """The last part of the image's name, without tag and digest."""
    found = values.get("image")
    named = found if isinstance(found, str) else mapping(found).get("repository")
    if not isinstance(named, str):
        return ""
    return named.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _names(values: dict[str, Any]) -> Iterator[str]:
    for key in _KEYS:
        found = values.get(key)
        names = [mapping(item).get("name") for item in sequence(found)] if isinstance(found, list) else mapping(found)
        yield from (name for name in names if isinstance(name, str) and _NAME.match(name))


def _line(text: str, name: str) -> int:
    """The first line with the name as a key, or as the name of an item; the first one of the file otherwise."""
    pattern = re.compile(rf"\s+[\"']?{name}[\"']?\s*:|\s*(?:-\s+)?name:\s*[\"']?{name}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)
