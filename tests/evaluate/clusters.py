"""Small clusters for tests: objects as Python values."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.model import Origin, RenderedObject, Unit, UnitId, UnitKind, UnitState

UNIT = UnitId("clusters/demo", UnitKind.KUSTOMIZATION, "flux-system", "apps")


def cluster(*bodies: dict[str, Any], unfinished: bool = False) -> ObjectIndex:
    """The index of these objects; with `unfinished`, of a cluster where another unit failed."""
    units = [Unit(id=UNIT, state=UnitState.RENDERED, objects=tuple(_rendered(body) for body in bodies))]
    if unfinished:
        identity = UnitId("clusters/demo", UnitKind.KUSTOMIZATION, "flux-system", "more")
        units.append(Unit(id=identity, state=UnitState.FAILED))
    return ObjectIndex(units)


def _rendered(body: dict[str, Any]) -> RenderedObject:
    metadata = body.get("metadata", {})
    return RenderedObject(
        api_version=body["apiVersion"],
        kind=body["kind"],
        namespace=metadata.get("namespace", ""),
        name=metadata.get("name", ""),
        origin=Origin(unit=UNIT),
        raw=msgspec.json.encode(body),
    )


def made(version: str, kind: str, spec: Any, *, name: str = "web", **fields: Any) -> dict[str, Any]:
    """An object of the namespace `apps`."""
    metadata = {"name": name, "namespace": "apps"}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec, **fields}


def deployment(pod: dict[str, Any], *, name: str = "web", **spec: Any) -> dict[str, Any]:
    """A Deployment of this pod."""
    return made("apps/v1", "Deployment", {**spec, "template": {"spec": pod}}, name=name)


def container(name: str = "main", *, requests: Any = None, limits: Any = None, **fields: Any) -> dict[str, Any]:
    """A container with these resources."""
    resources = {"requests": requests, "limits": limits}
    return {"name": name, "resources": {key: value for key, value in resources.items() if value}, **fields}


def pod(*containers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The spec of a pod."""
    return {"containers": list(containers), **fields}


def only(index: ObjectIndex) -> Workload:
    """The one workload of a cluster."""
    (workload,) = workloads(index)
    return workload
