"""Fields that the API server lets nobody change: the object has to be deleted and made anew.

From the validation of updates of each kind (Kubernetes, pkg/apis/*/validation). What may change in one direction only
counts in both, so that a comparison says the same from both sides; sizes of claims are not among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from elysium.compare.fields import FieldChange
from elysium.model import ObjectId

__all__ = ["immutable_fields"]

_FIELDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Service"): ("spec.clusterIP", "spec.clusterIPs", "spec.loadBalancerClass"),
    ("", "Secret"): ("type",),
    ("", "PersistentVolume"): (
        "spec.volumeMode", "spec.nodeAffinity", "spec.csi", "spec.nfs", "spec.hostPath", "spec.local", "spec.iscsi",
        "spec.fc", "spec.cephfs", "spec.rbd",
    ),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "ReplicaSet"): ("spec.selector",),
    ("batch", "Job"): (
        "spec.selector", "spec.template", "spec.completions", "spec.completionMode", "spec.podFailurePolicy",
        "spec.successPolicy", "spec.backoffLimitPerIndex", "spec.managedBy", "spec.podReplacementPolicy",
    ),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("storage.k8s.io", "StorageClass"): ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    ("storage.k8s.io", "CSIDriver"): ("spec.attachRequired", "spec.volumeLifecycleModes"),
    ("networking.k8s.io", "IngressClass"): ("spec.controller",),
    ("scheduling.k8s.io", "PriorityClass"): ("value", "preemptionPolicy"),
    ("node.k8s.io", "RuntimeClass"): ("handler",),
    ("discovery.k8s.io", "EndpointSlice"): ("addressType",),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): (
        "spec.group", "spec.scope", "spec.names.kind", "spec.names.plural",
    ),
}  # fmt: skip
"""Fields by group and kind."""

_REST: dict[tuple[str, str], tuple[str, ...]] = {
    ("apps", "StatefulSet"): (
        "spec.replicas", "spec.template", "spec.updateStrategy", "spec.revisionHistoryLimit", "spec.minReadySeconds",
        "spec.persistentVolumeClaimRetentionPolicy", "spec.ordinals",
    ),
    ("", "PersistentVolumeClaim"): ("spec.resources", "spec.volumeAttributesClassName"),
}  # fmt: skip
"""Kinds of which all of the spec is immutable but for these."""

_SEALED_DATA = ("data", "binaryData", "stringData")


def immutable_fields(
    identity: ObjectId, fields: Iterable[FieldChange], before: dict[str, Any], after: dict[str, Any]
) -> tuple[str, ...]:
    """The paths among the changed ones that cannot change in place."""
    kind = (identity.group, identity.kind)
    if kind == ("", "Service") and "ExternalName" in (_type(before), _type(after)):
        return ()
    known = _FIELDS.get(kind, ())
    if kind in (("", "ConfigMap"), ("", "Secret")) and before.get("immutable") is after.get("immutable") is True:
        known = (*known, *_SEALED_DATA)
    rest = _REST.get(kind)
    return tuple(item.path for item in fields if _is_fixed(item.path, known, rest))


def _is_fixed(path: str, known: tuple[str, ...], rest: tuple[str, ...] | None) -> bool:
    if rest is not None and _within(path, "spec"):
        return not any(_within(path, field) for field in rest)
    return any(_within(path, field) for field in known)


def _within(path: str, field: str) -> bool:
    return path == field or path.startswith((f"{field}.", f"{field}["))


def _type(body: dict[str, Any]) -> Any:
    spec = body.get("spec")
    return spec.get("type") if isinstance(spec, dict) else None
