"""Custom objects that are not understood, and what they say.

Their controllers may make what they name, or name what they make after them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import READ_GROUPS
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject

__all__ = ["named_after", "speaking"]

_BUILT_IN = frozenset(
    {"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"}
    | {"apiextensions.k8s.io", "admissionregistration.k8s.io", "scheduling.k8s.io", "node.k8s.io"}
    | {"apiregistration.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "snapshot.storage.k8s.io"}
)
_UNDERSTOOD = _BUILT_IN | READ_GROUPS | {"bitnami.com", "onepassword.com"}
_MAKING = ("ClusterExternalSecret", "PushSecret", "Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")
"""Kinds of understood groups that make more than is said of them."""

_BY_FLUX = ("kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/")

Spoken = list[tuple[RenderedObject, bytes]]


def speaking(index: ObjectIndex, namespace: str | None = None) -> Spoken:
    """Such objects with what they say, as JSON; with a namespace, those of it and those of the cluster."""
    found: Spoken | None = index.__dict__.get("speaking")
    if found is None:
        found = [
            (item, _words(index.body(item)))
            for (group, kind), items in index.kinds.items()
            if group not in _UNDERSTOOD or kind in _MAKING
            for item in items
        ]
        index.__dict__["speaking"] = found
    return found if namespace is None else [entry for entry in found if entry[0].namespace in ("", namespace)]


def named_after(item: RenderedObject, name: str) -> bool:
    """Operators name what they make after the object, some with its kind before it, or `KIND-operated`."""
    kind = item.kind.lower()
    return name in (item.name, f"{kind}-operated") or name.startswith((f"{item.name}-", f"{kind}-{item.name}"))


def _words(body: dict[str, Any]) -> bytes:
    """Everything but where the object is and which unit applied it."""
    metadata = mapping(body.get("metadata"))
    labels = {key: value for key, value in mapping(metadata.get("labels")).items() if not key.startswith(_BY_FLUX)}
    said = {**body, "metadata": {"labels": labels, "annotations": metadata.get("annotations")}}
    return msgspec.json.encode(said)
