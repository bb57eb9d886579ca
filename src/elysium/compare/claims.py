"""The claims that StatefulSets make for their pods: no file describes them, and yet they hold the data.

Their names are those of the controller (Kubernetes, pkg/controller/statefulset, `getPersistentVolumeClaimName`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.workloads import mapping, sequence
from elysium.model import ObjectId, RenderedObject

__all__ = ["claims_of"]

_MOST = 64
"""More pods than this share the name of the last: a manifest may ask for any number."""


def claims_of(item: RenderedObject) -> Iterator[tuple[ObjectId, RenderedObject]]:
    """The PersistentVolumeClaims of a StatefulSet, as objects; none for any other kind."""
    if (item.id.group, item.kind) != ("apps", "StatefulSet"):
        return
    spec = mapping(item.body().get("spec"))
    for template in map(mapping, sequence(spec.get("volumeClaimTemplates"))):
        name = str(mapping(template.get("metadata")).get("name") or "")
        for number in _ordinals(spec):
            claim = f"{name}-{item.name}-{number}"
            yield ObjectId("", "PersistentVolumeClaim", item.namespace, claim), _claim(item, template, claim)


def _ordinals(spec: dict[str, Any]) -> range:
    replicas, start = spec.get("replicas", 1), mapping(spec.get("ordinals")).get("start", 0)
    many = replicas if isinstance(replicas, int) and replicas >= 0 else 1
    first = start if isinstance(start, int) and start >= 0 else 0
    return range(first, first + min(many, _MOST))


def _claim(owner: RenderedObject, template: dict[str, Any], name: str) -> RenderedObject:
    body = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {**mapping(template.get("metadata")), "name": name, "namespace": owner.namespace},
        "spec": mapping(template.get("spec")),
    }
    return RenderedObject(
        api_version="v1",
        kind="PersistentVolumeClaim",
        namespace=owner.namespace,
        name=name,
        origin=owner.origin,
        raw=msgspec.json.encode(body),
    )
