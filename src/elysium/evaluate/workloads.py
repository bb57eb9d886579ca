"""Objects that make pods, each with its pod template and containers.

The kinds are those of the built-in controllers (Kubernetes documentation, "Workloads").
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.model import RenderedObject

__all__ = ["Container", "Path", "Workload", "mapping", "sequence", "workload_of", "workloads"]

Path = tuple[str | int, ...]

_TEMPLATES: dict[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """One container of a pod template. `role` is `main`, `init`, or `sidecar` (an init container that restarts)."""

    name: str
    role: str
    body: dict[str, Any]
    path: Path


class Workload(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An object that makes pods. `path` leads to the pod template, `spec` is the spec of the pod."""

    item: RenderedObject
    body: dict[str, Any]
    path: Path
    labels: dict[str, Any]
    annotations: dict[str, Any]
    spec: dict[str, Any]

    @property
    def namespace(self) -> str:
        """Where the pods are."""
        return self.item.namespace

    @property
    def spec_path(self) -> Path:
        """The path to the spec of the pod."""
        return (*self.path, "spec")

    @property
    def replicas(self) -> int | None:
        """How many pods there are to be; None where the kind has no such number or it is no number."""
        if self.item.kind not in ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"):
            return None
        declared = mapping(self.body.get("spec")).get("replicas", 1)
        return declared if isinstance(declared, int) and not isinstance(declared, bool) else None

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Init containers first, as they start."""
        return (*self._containers("initContainers"), *self._containers("containers"))

    def _containers(self, field: str) -> Iterator[Container]:
        for number, body in enumerate(sequence(self.spec.get(field))):
            if isinstance(body, dict):
                restarts = body.get("restartPolicy") == "Always"
                role = "main" if field == "containers" else "sidecar" if restarts else "init"
                path = (*self.spec_path, field, number)
                yield Container(name=str(body.get("name") or ""), role=role, body=body, path=path)


def workloads(index: ObjectIndex) -> tuple[Workload, ...]:
    """Every workload of a cluster, kind by kind. Computed once for an index."""
    found: tuple[Workload, ...] | None = index.__dict__.get("workloads")
    if found is None:
        items = (item for group, kind in _TEMPLATES for item in index.of_kind(group, kind))
        found = tuple(workload for item in items if (workload := workload_of(index, item)) is not None)
        index.__dict__["workloads"] = found
    return found


def workload_of(index: ObjectIndex, item: RenderedObject) -> Workload | None:
    """The pod template of an object; None when it is of another kind or has none."""
    path = _TEMPLATES.get((item.id.group, item.kind))
    if path is None:
        return None
    body = index.body(item)
    template: Any = body
    for part in path:
        template = mapping(template).get(str(part))
    spec = mapping(template).get("spec")
    if not isinstance(spec, dict):
        return None
    metadata = mapping(template.get("metadata"))
    return Workload(
        item=item,
        body=body,
        path=path,
        labels=mapping(metadata.get("labels")),
        annotations=mapping(metadata.get("annotations")),
        spec=spec,
    )


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, otherwise an empty one: manifests may hold anything."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []
