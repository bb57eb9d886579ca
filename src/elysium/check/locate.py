"""Where something stands: the file and line to mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elysium.check import tracing
from elysium.check.context import Context
from elysium.errors import EngineError
from elysium.model import ObjectReference, Position, RenderedObject, Unit

__all__ = ["in_document", "in_object", "of_object", "of_unit", "reference"]

Path = Sequence[str | int]


def reference(item: RenderedObject) -> ObjectReference:
    """The object as a finding names it."""
    return ObjectReference(api_version=item.api_version, kind=item.kind, namespace=item.namespace, name=item.name)


def of_object(context: Context, item: RenderedObject) -> Position:
    """The line where an object begins; for what a chart made, where its release is defined."""
    position = item.origin.position
    if position is not None:
        return position if position.line else Position(file=position.file, line=1)
    unit = context.units.get(item.origin.unit)
    return of_unit(unit) if unit else Position(file="")


def of_unit(unit: Unit) -> Position:
    """The line where a unit is defined; for a root that no file contains, the directory that it builds."""
    position = unit.defined_by.position if unit.defined_by else None
    return position or Position(file=unit.path.removeprefix("./"))


def in_object(context: Context, item: RenderedObject, path: Path) -> Position:
    """The line that decides a field of an object: in its file, in a patch, or among the values of its release.

    Otherwise that of its nearest parent in the file, and for what a chart made the template, or the release where the
    chart is not in the repository.
    """
    decided = tracing.deciding_value(context, item, path) if path else None
    if decided is not None:
        return in_object(context, *decided)
    position = item.origin.position
    if position is None or item.origin.template:
        return of_object(context, item)
    patch = tracing.deciding_patch(context, item, path) if path else None
    if patch is not None:
        return in_document(context, patch.file, patch.document, patch.path, line=1)
    query = {"document": item.origin.document, "kind": item.kind, "name": item.name, "path": list(path)}
    return _ask(context, position, query)


def in_document(context: Context, file: str, index: int, path: Path, *, line: int = 0) -> Position:
    """The line of a field of a document in a file; `line` is where the document begins."""
    return _ask(
        context, Position(file=file, line=line), {"document": index, "kind": "", "name": "", "path": list(path)}
    )


def _ask(context: Context, fallback: Position, query: dict[str, Any]) -> Position:
    if fallback.file not in context.files:
        return fallback
    try:
        found = context.positions(fallback.file, [query])
    except EngineError:
        return fallback
    place = found[0] if found else None
    return Position(file=fallback.file, line=place["line"]) if place else fallback
