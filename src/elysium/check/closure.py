"""Which files a unit reads, also when it failed before it could say so."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.model import Unit, UnitKind

__all__ = ["KUSTOMIZATION_FILES", "included", "reachable"]

KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_PATH_LISTS = ("resources", "components", "bases", "crds", "configurations", "generators", "transformers", "validators")
_PATCH_LISTS = ("patchesStrategicMerge", "patches", "patchesJson6902", "replacements")
_MOST = 20_000


def included(context: Context) -> set[str]:
    """The files that any unit reads."""
    found: set[str] = set()
    for unit in context.render.units:
        found |= reachable(context, unit)
    return found


def reachable(context: Context, unit: Unit) -> set[str]:
    """The files of a unit: what it read or, where it read nothing, what its kustomization files name."""
    if unit.read:
        return set(unit.read)
    if unit.id.kind is not UnitKind.KUSTOMIZATION:
        return set()
    found: set[str] = set()
    waiting = [_clean(unit.path)]
    while waiting and len(found) < _MOST:
        place = waiting.pop()
        if place in found:
            continue
        if place in context.files:
            found.add(place)
            continue
        file = _kustomization_file(context, place)
        if not file:
            found.update(path for path in context.files if not place or path.startswith(place + "/"))
        elif file not in found:
            found.add(file)
            waiting.extend(_named(context, file))
    return found


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path.lstrip("/") or ".")
    return "" if cleaned == "." else cleaned


def _kustomization_file(context: Context, directory: str) -> str:
    candidates = (posixpath.join(directory, name) for name in KUSTOMIZATION_FILES)
    return next((path for path in candidates if path in context.files), "")


def _named(context: Context, file: str) -> Iterator[str]:
    directory = posixpath.dirname(file)
    for body in context.bodies(file).values():
        for entry in _entries(body if isinstance(body, dict) else {}):
            if "\n" not in entry and "://" not in entry:
                yield _clean(posixpath.join(directory, entry))


def _entries(body: dict[str, Any]) -> Iterator[str]:
    for field in _PATH_LISTS:
        yield from (item for item in body.get(field) or () if isinstance(item, str))
    for field in _PATCH_LISTS:
        for item in body.get(field) or ():
            value = item.get("path") if isinstance(item, dict) else item
            if isinstance(value, str):
                yield value
    for field in ("configMapGenerator", "secretGenerator"):
        for item in body.get(field) or ():
            for part in ("files", "envs") if isinstance(item, dict) else ():
                yield from (str(path).rpartition("=")[2] for path in item.get(part) or ())
