"""Objects written as YAML, indexed as the rules see them."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.api import Workspace
from elysium.evaluate import ObjectIndex
from elysium.model import Origin, RenderedObject, Unit, UnitId, UnitKind, UnitState

__all__ = ["bodies_of", "index_of"]

UNIT = UnitId("demo", UnitKind.KUSTOMIZATION, "flux-system", "apps")


def index_of(text: str) -> ObjectIndex:
    """The objects of a YAML stream."""
    objects = tuple(
        RenderedObject(
            api_version=str(body["apiVersion"]),
            kind=str(body["kind"]),
            namespace=str(body["metadata"].get("namespace") or ""),
            name=str(body["metadata"]["name"]),
            origin=Origin(unit=UNIT),
            raw=msgspec.json.encode(body),
        )
        for body in bodies_of(text)
    )
    return ObjectIndex([Unit(id=UNIT, state=UnitState.RENDERED, objects=objects)])


def bodies_of(text: str) -> list[dict[str, Any]]:
    """The documents of a YAML stream, as the engine reads them."""
    with Workspace() as workspace:
        documents = workspace.pool.call("yaml.decode", {"text": text})["documents"]
    return [body for body in documents if body]
