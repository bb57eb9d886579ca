"""The line that decides a field, where that is not in the file of the object: a value of a release, or a patch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject, Unit, UnitId, UnitKind

__all__ = ["Place", "deciding_patch", "deciding_value"]

Path = tuple[str | int, ...]

_SHORTEST = 4
_ABSENT = object()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a document in a file of the repository."""

    file: str
    document: int
    path: Path


def deciding_value(
    context: Context, item: RenderedObject, path: Sequence[str | int]
) -> tuple[RenderedObject, Path] | None:
    """The HelmRelease that made an object, and the path in it to the inline value that reads like the field.

    Equal text wins over contained text, the same key over another; of several that are as good the last one is meant.
    Texts of less than four characters tell nothing.
    """
    unit = context.units.get(item.origin.unit)
    index = context.objects.get(item.origin.unit.cluster)
    if unit is None or index is None or unit.id.kind is not UnitKind.HELM_RELEASE:
        return None
    holder = index.definition(unit.id)
    value = _at(index.body(item), path)
    if holder is None or not isinstance(value, str | int) or isinstance(value, bool) or len(str(value)) < _SHORTEST:
        return None
    best: tuple[int, Path] | None = None
    for found, text in _inline_values(context, unit.id, index.body(holder)):
        score = _score(text, str(value), found[-1] == path[-1])
        if score and (best is None or score >= best[0]):
            best = (score, found)
    return (holder, ("spec", "values", *best[1])) if best else None


def deciding_patch(context: Context, item: RenderedObject, path: Sequence[str | int]) -> Place | None:
    """The strategic merge patch, among the files that the unit reads, that sets a field which the object's own file
    does not have, or has with another value.
    """
    unit = context.units.get(item.origin.unit)
    index = context.objects.get(item.origin.unit.cluster)
    if unit is None or index is None:
        return None
    value = _at(index.body(item), path)
    if value is _ABSENT or _same(_at(context.bodies(item.origin.file).get(item.origin.document), path), value):
        return None
    for file, document, body in _patches(context, item, unit):
        if _same(_at(body, path), value):
            return Place(file=file, document=document, path=tuple(path))
    return None


def _score(text: str, value: str, same_key: bool) -> int:
    if text == value:
        return 4 if same_key else 3
    return (2 if same_key else 1) if text in value else 0


def _inline_values(context: Context, unit: UnitId, body: dict[str, Any]) -> list[tuple[Path, str]]:
    """The scalars of `spec.values` that are long enough to tell something; computed once for a release."""
    known: dict[UnitId, list[tuple[Path, str]]] = context.__dict__.setdefault("inline_values", {})
    if unit not in known:
        known[unit] = list(_scalars(mapping(body.get("spec")).get("values"), ()))
    return known[unit]


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _scalars(entry, (*path, str(key)))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _scalars(entry, (*path, number))
    elif isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST:
        yield path, str(value)


def _patches(context: Context, item: RenderedObject, unit: Unit) -> Iterator[tuple[str, int, Any]]:
    for path in sorted(unit.read):
        file = context.files.get(path)
        if file is None or path == item.origin.file:
            continue
        for document in file.documents:
            if (document.kind, document.name) == (item.kind, item.name):
                yield path, document.index, context.bodies(path).get(document.index)


def _at(body: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        inside = isinstance(part, int) and 0 <= part < len(body) if isinstance(body, list) else part in mapping(body)
        if not inside:
            return _ABSENT
        body = body[part]
    return body


def _same(written: Any, value: Any) -> bool:
    """Whether what is written makes the value: a variable may stand for anything."""
    if written is _ABSENT:
        return False
    return written == value or str(written) == str(value) or (isinstance(written, str) and "${" in written)
