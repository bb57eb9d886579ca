"""What to do when a namespace or a kind is not there: who makes it, and how this unit comes after that."""

from __future__ import annotations

import re
from collections.abc import Mapping

from elysium.cluster.protocol import Entry
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.judging.causes import is_built_in

__all__ = ["kind_hint", "namespace_hint"]

_NAMESPACE = re.compile(r"namespaces \"([^\"]*)\" not found|in namespace (\S+) because it is being terminated")
_VERSION = re.compile(r"in version \"([^\"]+)\"")


def namespace_hint(entry: Entry, makers: Mapping[ObjectId, UnitId], unit: UnitId | None) -> str:
    """Which unit makes the namespace and must come first, or that none does."""
    if "namespace not specified" in entry.message or "empty namespace" in entry.message:
        return "set metadata.namespace, or namespace: in kustomization.yaml, or targetNamespace of the unit"
    found = _NAMESPACE.search(entry.message)
    name = next((group for group in found.groups() if group), "") if found else entry.object.namespace
    if "being terminated" in entry.message:
        return f"namespace {name} is being deleted: keep it, or move what stays into another one"
    maker = makers.get(ObjectId("", "Namespace", "", name))
    if maker is None:
        return f"nothing in Git makes Namespace/{name}: add it to this unit, or to one that it depends on"
    return _after(maker, unit, f"makes Namespace/{name}")


def kind_hint(entry: Entry, makers: Mapping[ObjectId, UnitId], unit: UnitId | None) -> str:
    """Which unit brings the definition and must come first, or the version to move to, or the definition's name."""
    group, kind = entry.object.group, entry.object.kind
    version = entry.object.version or _version(entry.message)
    if is_built_in(group):
        where = f"{group}/{version}" if group else version
        return _MOVED.get(f"{where}/{kind}") or f"this server has no {kind} in {where}: use a version that it serves"
    definition = _definition(group, kind, makers)
    if definition is None:
        return (
            f"nothing in Git defines {kind}.{group}: add its CustomResourceDefinition or the chart that brings it, in a"
            " unit that this one depends on"
        )
    return _after(makers[definition], unit, f"brings CustomResourceDefinition/{definition.name}")


def _after(maker: UnitId, unit: UnitId | None, does: str) -> str:
    if maker == unit:
        return f"{maker} {does} itself, but did not get so far: see what it was refused before"
    if unit is not None and unit.kind is maker.kind:
        return f"{maker} {does}: let {unit} wait for it with dependsOn: [{{name: {_reference(maker, unit)}}}]"
    if maker.kind is UnitKind.HELM_RELEASE:
        return f"{maker} {does}: let the Kustomization that applies that release come first (dependsOn, and wait: true)"
    return f"{maker} {does}: let this unit come after it (dependsOn)"


def _reference(maker: UnitId, unit: UnitId) -> str:
    return maker.name if maker.namespace == unit.namespace else f"{maker.name}, namespace: {maker.namespace}"


def _version(message: str) -> str:
    found = _VERSION.search(message)
    return found[1].rpartition("/")[2] if found else ""


def _definition(group: str, kind: str, makers: Mapping[ObjectId, UnitId]) -> ObjectId | None:
    """The definition of a kind. Its name has the plural, which is guessed from the start of the kind."""
    stem = kind.lower()[:-1]
    return min(
        (item for item in makers if item.kind == "CustomResourceDefinition" and _defines(item.name, group, stem)),
        default=None,
    )


def _defines(name: str, group: str, stem: str) -> bool:
    plural, _, of = name.partition(".")
    return of == group and plural.startswith(stem)


_MOVED = {
    old: f"{old.rpartition('/')[0]} was removed from Kubernetes: write apiVersion: {new}"
    for old, new in {
        "policy/v1beta1/PodDisruptionBudget": "policy/v1",
        "extensions/v1beta1/Ingress": "networking.k8s.io/v1",
        "networking.k8s.io/v1beta1/Ingress": "networking.k8s.io/v1",
        "networking.k8s.io/v1beta1/IngressClass": "networking.k8s.io/v1",
        "extensions/v1beta1/Deployment": "apps/v1",
        "apps/v1beta1/Deployment": "apps/v1",
        "apps/v1beta2/Deployment": "apps/v1",
        "apps/v1beta1/StatefulSet": "apps/v1",
        "apps/v1beta2/StatefulSet": "apps/v1",
        "extensions/v1beta1/DaemonSet": "apps/v1",
        "apps/v1beta2/DaemonSet": "apps/v1",
        "batch/v1beta1/CronJob": "batch/v1",
        "autoscaling/v2beta1/HorizontalPodAutoscaler": "autoscaling/v2",
        "autoscaling/v2beta2/HorizontalPodAutoscaler": "autoscaling/v2",
        "apiextensions.k8s.io/v1beta1/CustomResourceDefinition": "apiextensions.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1/Role": "rbac.authorization.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1/RoleBinding": "rbac.authorization.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1/ClusterRole": "rbac.authorization.k8s.io/v1",
        "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
        "storage.k8s.io/v1beta1/CSIDriver": "storage.k8s.io/v1",
        "storage.k8s.io/v1beta1/StorageClass": "storage.k8s.io/v1",
        "discovery.k8s.io/v1beta1/EndpointSlice": "discovery.k8s.io/v1",
        "scheduling.k8s.io/v1beta1/PriorityClass": "scheduling.k8s.io/v1",
        "node.k8s.io/v1beta1/RuntimeClass": "node.k8s.io/v1",
        "admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
        "admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
    }.items()
}
_MOVED["policy/v1beta1/PodSecurityPolicy"] = (
    "PodSecurityPolicy was removed in Kubernetes 1.25: label the namespace pod-security.kubernetes.io/enforce instead"
)
"""From the deprecated API migration guide."""
