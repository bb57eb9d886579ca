"""Stand-ins for objects that are outside of Git and of which no more than the name is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = [
    "IS_DEFAULT",
    "config_map",
    "ingress_class_body",
    "namespace_body",
    "priority_class",
    "runtime_class",
    "secret",
    "stand_ins",
    "storage_class",
]

IS_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_NOBODY = "elysium.dev/simulated"
_VALUE = "cGxhY2Vob2xkZXI="


def namespace_body(name: str, labels: dict[str, str] | None = None) -> dict[str, Any]:
    """A Namespace with the labels that matter, such as those of PodSecurity."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}}


def storage_class(name: str) -> dict[str, Any]:
    """A class that serves every claim at once and lets it grow: what it cannot do is not known."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name},
        "provisioner": _NOBODY,
        "allowVolumeExpansion": True,
        "volumeBindingMode": "Immediate",
    }


def ingress_class_body(name: str) -> dict[str, Any]:
    """An IngressClass."""
    spec = {"controller": _NOBODY}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": name}, "spec": spec}


def priority_class(name: str) -> dict[str, Any]:
    """A PriorityClass of the lowest priority."""
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": 0}


def runtime_class(name: str) -> dict[str, Any]:
    """A RuntimeClass without overhead."""
    return {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": name}, "handler": "simulated"}


def secret(namespace: str, name: str, keys: Iterable[str] = ()) -> dict[str, Any]:
    """A Secret that holds nothing, or placeholders below its keys."""
    return _in_namespace("Secret", namespace, name) | {"data": dict.fromkeys(keys, _VALUE)}


def config_map(namespace: str, name: str, keys: Iterable[str] = ()) -> dict[str, Any]:
    """A ConfigMap that holds nothing, or placeholders below its keys."""
    return _in_namespace("ConfigMap", namespace, name) | {"data": dict.fromkeys(keys, "placeholder")}


def stand_ins(kind: str, namespace: str, name: str) -> list[dict[str, Any]]:
    """What stands for an object of which only its name is known; nothing for a kind that needs more than that."""
    if kind == "PersistentVolumeClaim" and namespace:
        return _bound_claim(namespace, name)
    if kind in _NAMESPACED and namespace:
        return [_NAMESPACED[kind](namespace, name)]
    if kind in _OF_CLUSTER and not namespace:
        return [_OF_CLUSTER[kind](name)]
    return []


def _service_account(namespace: str, name: str) -> dict[str, Any]:
    return _in_namespace("ServiceAccount", namespace, name)


def _role(namespace: str, name: str) -> dict[str, Any]:
    return _in_namespace("Role", namespace, name) | {"apiVersion": "rbac.authorization.k8s.io/v1", "rules": []}


def _cluster_role(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name},
        "rules": [],
    }


_NAMESPACED: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "Secret": secret,
    "ConfigMap": config_map,
    "ServiceAccount": _service_account,
    "Role": _role,
}
_OF_CLUSTER: dict[str, Callable[[str], dict[str, Any]]] = {"ClusterRole": _cluster_role, "Namespace": namespace_body}


def _bound_claim(namespace: str, name: str) -> list[dict[str, Any]]:
    """A claim with its volume: a pod that mounts one that is not there is not scheduled."""
    volume = f"outside-{namespace}-{name}"
    modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"]
    size = {"storage": "1Ti"}
    spec = {
        "accessModes": modes,
        "capacity": size,
        "storageClassName": "",
        "hostPath": {"path": f"/simulated/{volume}"},
    }
    claimed = {"namespace": namespace, "name": name}
    wants = {"accessModes": modes, "storageClassName": "", "volumeName": volume, "resources": {"requests": size}}
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": volume},
            "spec": spec | {"claimRef": claimed},
        },
        _in_namespace("PersistentVolumeClaim", namespace, name) | {"spec": wants},
    ]


def _in_namespace(kind: str, namespace: str, name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}}
