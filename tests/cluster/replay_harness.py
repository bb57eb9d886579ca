"""Objects and questions for the tests of the replay."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.cluster.protocol import Entries, Entry
from elysium.cluster.replay import Replayer

Manifest = dict[str, Any]

DEFINITION: Manifest = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.org"},
    "spec": {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {"size": {"type": "integer"}},
                                "x-kubernetes-validations": [{"rule": "self.size < 10", "message": "too big"}],
                            }
                        },
                    }
                },
            }
        ],
    },
}


def manifest(version: str, kind: str, name: str, namespace: str = "", **rest: Any) -> Manifest:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata | rest.pop("metadata", {}), **rest}


def namespace(name: str, **labels: str) -> Manifest:
    return manifest(
        "v1", "Namespace", name, metadata={"labels": {key.replace("__", "/"): labels[key] for key in labels}}
    )


def configmap(name: str, namespace: str = "", *, metadata: Manifest | None = None, **data: Any) -> Manifest:
    return manifest("v1", "ConfigMap", name, namespace, metadata=metadata or {}, data=data)


def widget(name: str, namespace: str = "", **spec: Any) -> Manifest:
    return manifest("example.org/v1", "Widget", name, namespace, spec=spec)


def deployment(name: str, namespace: str, *, app: str = "a", replicas: int = 1, **container: Any) -> Manifest:
    labels = {"app": app}
    pod = {"containers": [{"name": "main", "image": "registry.example/app:1", **container}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return manifest("apps/v1", "Deployment", name, namespace, spec=spec)


def job(name: str, namespace: str = "") -> Manifest:
    pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "registry.example/app:1"}]}
    return manifest("batch/v1", "Job", name, namespace, spec={"template": {"spec": pod}})


def node(name: str) -> Manifest:
    """A node that is ready and has room for 20 Pods."""
    room = {"cpu": "4", "memory": "8Gi", "pods": "20"}
    moment = "2026-01-01T00:00:00Z"
    ready = {"type": "Ready", "status": "True", "reason": "Ready", "message": "", "lastTransitionTime": moment}
    status = {"capacity": room, "allocatable": room, "conditions": [ready | {"lastHeartbeatTime": moment}]}
    return manifest("v1", "Node", name, status=status)


def reference(kind: str, name: str, namespace: str = "", group: str = "") -> dict[str, str]:
    return {"group": group, "version": "", "kind": kind, "namespace": namespace, "name": name}


def apply(replayer: Replayer, *objects: Manifest, **params: Any) -> Entries:
    return replayer.call("apply", {"unit": "test", "objects": list(objects), **params}, Entries)


def actions(told: Entries) -> dict[str, str]:
    """What came of each object, by its name."""
    return {entry.object.name: entry.action.value for entry in told.entries}


def entry(told: Entries, name: str) -> Entry:
    return next(found for found in told.entries if found.object.name == name)


class _Objects(msgspec.Struct, frozen=True):
    objects: list[Manifest | None]


def held(replayer: Replayer, *references: dict[str, str]) -> list[Manifest | None]:
    """The objects as the server holds them."""
    return replayer.call("get", {"objects": list(references)}, _Objects).objects
