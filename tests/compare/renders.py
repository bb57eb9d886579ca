"""Renders for tests, made by hand: what each unit makes, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from elysium.model import Failure, Origin, Render, RenderedObject, Unit, UnitId, UnitKind, UnitState

CLUSTER = "clusters/test"
ROOT = UnitId(CLUSTER, UnitKind.KUSTOMIZATION, "flux-system", "flux-system")


def unit_id(name: str, kind: UnitKind = UnitKind.KUSTOMIZATION) -> UnitId:
    """A unit of the cluster."""
    return UnitId(CLUSTER, kind, "flux-system", name)


def made(body: dict[str, Any], unit: str = "apps", **origin: Any) -> RenderedObject:
    """An object as a unit makes it."""
    metadata = body["metadata"]
    return RenderedObject(
        api_version=body["apiVersion"],
        kind=body["kind"],
        namespace=metadata.get("namespace", ""),
        name=metadata["name"],
        origin=Origin(unit=unit_id(unit), file=f"{unit}.yaml", line=1, **origin),
        raw=msgspec.json.encode(body),
    )


def manifest(kind: str, name: str, *, api: str = "v1", namespace: str = "db", **fields: Any) -> dict[str, Any]:
    """A manifest; a cluster-scoped one has an empty namespace."""
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **place}, **fields}


def unit(name: str, *objects: RenderedObject, state: str = "rendered", **fields: Any) -> Unit:
    """A unit with what it makes; one that is not rendered has a failure."""
    failure = None if state == "rendered" else Failure(code="source", message=f"{name} is broken")
    return Unit(
        id=unit_id(name),
        state=UnitState(state),
        failure=failure,
        objects=objects,
        parent=fields.pop("parent", ROOT),
        **fields,
    )


def render(*units: Unit, root: Iterable[RenderedObject] = ()) -> Render:
    """A render of one cluster, whose root is rendered unless another is given."""
    whole = () if any(item.id == ROOT for item in units) else (unit("flux-system", *root, parent=None),)
    return Render(
        revision="",
        digest="",
        flux="2.9",
        kubernetes="1.36",
        clusters=(CLUSTER,),
        units=(*whole, *units),
    )
