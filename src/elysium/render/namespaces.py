"""The namespace of custom objects in a release: Helm installs what names none into the release's namespace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.model import RenderedObject, Unit, UnitKind, group_of
from elysium.sealing.produced import PRODUCERS

__all__ = ["place_in_namespaces", "released"]

_FLUX = ("toolkit.fluxcd.io", "extensions.fluxcd.io", "controlplane.io")


def released(item: RenderedObject, namespace: str) -> RenderedObject:
    """An object of a release; one of a kind that units, sources or Secrets come from is at once in the release's
    namespace, where others look for it.
    """
    if item.namespace:
        return item
    group = group_of(item.api_version)
    return _moved(item, namespace) if group.endswith(_FLUX) or (group, item.kind) in PRODUCERS else item


def place_in_namespaces(units: Iterable[Unit], kinds: Mapping[str, Mapping[str, Any]]) -> list[Unit]:
    """Units with the namespace filled in for custom kinds that are namespaced by their CRD (`kinds`: `group/Kind` →
    scope).

    The engine does the same for built-in kinds; the scope of custom ones is known when everything is rendered.
    """
    return [_placed(unit, kinds) if unit.id.kind is UnitKind.HELM_RELEASE else unit for unit in units]


def _placed(unit: Unit, kinds: Mapping[str, Mapping[str, Any]]) -> Unit:
    namespace = unit.release_namespace
    if not any(_wants(item, kinds) for item in unit.objects):
        return unit
    objects = tuple(_moved(item, namespace) if _wants(item, kinds) else item for item in unit.objects)
    return msgspec.structs.replace(unit, objects=objects)


def _wants(item: RenderedObject, kinds: Mapping[str, Mapping[str, Any]]) -> bool:
    kind = kinds.get(f"{group_of(item.api_version)}/{item.kind}")
    return not item.namespace and kind is not None and kind["scope"] == "Namespaced"


def _moved(item: RenderedObject, namespace: str) -> RenderedObject:
    body = item.body()
    body.setdefault("metadata", {})["namespace"] = namespace
    return msgspec.structs.replace(item, namespace=namespace, raw=msgspec.json.encode(body))
