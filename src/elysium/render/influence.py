"""Which values of a release reach which fields of an object: found by changing one value and rendering again."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.model import FieldOrigin, FieldSource, ObjectId, RenderedObject, UnitId
from elysium.render.answers import ChartResult, rendered_objects
from elysium.render.leaves import Address, dotted, leaves, real_path, short
from elysium.render.request import Request

__all__ = ["composed_values", "fields_of_template"]

_MOST = 300
_SECONDS = 20.0
_FLUX_LABEL = "helm.toolkit.fluxcd.io/"


def composed_values(request: Request, pool: EnginePool) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """The composed values of a release with the chart's defaults, and for each leaf its source as the engine names
    it.
    """
    answer = pool.ask("chart.render", {**request.params, "explain": True})
    if answer.error is not None:
        return {}, ()
    result = msgspec.json.decode(answer.result, type=ChartResult)
    origins = result.value_origins or ()
    return _assembled(origins), origins


def _assembled(origins: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """The leaves put together again; a list whose items come from several places is filled in their order."""
    values: dict[str, Any] = {}
    for entry in origins:
        _put(values, entry["path"], entry.get("value"))
    return values


def _put(container: Any, path: list[Any], value: Any) -> None:
    head, rest = path[0], path[1:]
    if isinstance(container, list):
        container.extend([None] * (head + 1 - len(container)))
    if not rest:
        container[head] = value
        return
    known = container[head] if isinstance(container, list) else container.get(head)
    if not isinstance(known, dict | list):
        known = container[head] = [] if isinstance(rest[0], int) else {}
    _put(known, rest, value)


def fields_of_template(
    item: RenderedObject, request: Request, unit: UnitId, values: dict[str, Any], pool: EnginePool
) -> tuple[FieldOrigin, ...]:
    """Every field of an object that a template made; where a value of the release decides a field, that value.

    Only values whose text occurs in a field are tried, at most 300 of them for at most 20 seconds: a field that none
    of these decides is the template's.
    """
    body = item.body()
    found: dict[Address, list[Address]] = {}
    deadline = time.monotonic() + _SECONDS
    texts = {address: str(value) for address, value in leaves(body)}
    for address, value in _candidates(values, texts)[:_MOST]:
        if time.monotonic() > deadline:
            break
        changed = _render_with(request, unit, address, _other(value), values, pool).get(item.id)
        for field, before in texts.items():
            if changed is not None and str(_at(changed, field)) != before:
                found.setdefault(field, []).append(address)
    return tuple(
        _field(address, value, _telling(found.get(address, []), values, value), item) for address, value in leaves(body)
    )


def _telling(decided: list[Address], values: dict[str, Any], value: Any) -> list[Address]:
    """The values whose text stands in the field; those that only switch it on when there are none."""
    direct = [address for address in decided if str(_at(values, address)).lower() in str(value).lower()]
    return (direct or decided)[:3]


def _field(address: Address, value: Any, decided: list[Address], item: RenderedObject) -> FieldOrigin:
    origin = item.origin
    made = FieldOrigin(path=dotted(address), value=short(value), source=FieldSource.TEMPLATE, file=origin.file)
    if address[:2] == ("metadata", "labels") and address[-1].startswith(_FLUX_LABEL):
        return msgspec.structs.replace(made, source=FieldSource.FLUX, file="", detail="origin label of helm-controller")
    if decided:
        names = ", ".join(dotted(found) for found in decided)
        return msgspec.structs.replace(made, source=FieldSource.VALUE, detail=f"values: {names}")
    return msgspec.structs.replace(made, detail=origin.template)


def _candidates(values: dict[str, Any], texts: dict[Address, str]) -> list[tuple[Address, Any]]:
    """Leaves of the values whose text occurs in a field, the most telling (longest) first."""
    fields = list(texts.values())
    listed = [(address, value) for address, value in leaves(values) if value not in (None, "", {}, [])]
    useful = [
        (address, value) for address, value in listed if any(str(value).lower() in text.lower() for text in fields)
    ]
    return sorted(useful, key=lambda leaf: (-len(str(leaf[1])), leaf[0]))


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x"


def _render_with(
    request: Request, unit: UnitId, address: Address, value: Any, values: dict[str, Any], pool: EnginePool
) -> dict[ObjectId, Any]:
    changed = _replaced(values, real_path(values, address), value)
    params = {**request.params, "values": changed, "values_from": [], "validate": False}
    answer = pool.ask("chart.render", params)
    if answer.error is not None:
        return {}
    result = msgspec.json.decode(answer.result, type=ChartResult)
    return {item.id: item.body() for item in rendered_objects(result.objects, unit, "chart:")}


def _replaced(value: Any, path: list[str | int], new: Any) -> Any:
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(head, int):
        return [*value[:head], _replaced(value[head], rest, new), *value[head + 1 :]]
    return {**value, head: _replaced(value[head], rest, new)}


def _at(body: Any, address: Address) -> Any:
    path = real_path(body, address)
    if len(path) != len(address):
        return None
    for part in path:
        body = body[part]
    return body
