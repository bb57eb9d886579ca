"""Objects written as YAML, indexed as the rules see them."""

from __future__ import annotations

import msgspec
from ruamel.yaml import YAML

from elysium.evaluate import ObjectIndex
from elysium.model import Origin, RenderedObject, Unit, UnitId, UnitKind, UnitState

__all__ = ["index_of"]

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
        for body in YAML(typ="safe").load_all(text)
        if body
    )
    return ObjectIndex([Unit(id=UNIT, state=UnitState.RENDERED, objects=objects)])
