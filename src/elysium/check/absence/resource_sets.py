"""What a ResourceSet that could not be expanded would make: at least the kinds stand in its templates."""

from __future__ import annotations

import re

from elysium.check.context import Context
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Unit

__all__ = ["may_make", "runs_pods"]

_KIND = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?:\s*[\"']?([A-Za-z<$]\S*?)[\"']?\s*$", re.MULTILINE)
_SECRETS = {"Secret", "SealedSecret", "ExternalSecret", "Certificate", "Ingress", "Gateway"}
_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Service"}
_PLAIN = (
    {"ConfigMap", "Namespace", "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}
    | {"ImagePolicy", "ImageRepository", "ImageUpdateAutomation", "Alert", "Provider", "Receiver", "NetworkPolicy"}
    | {"OCIRepository", "GitRepository", "HelmRepository", "Bucket", "HelmChart", "ResourceSetInputProvider"}
    | {"PersistentVolumeClaim", "PersistentVolume", "StorageClass", "PodDisruptionBudget", "HorizontalPodAutoscaler"}
    | {"ServiceMonitor", "PodMonitor", "PrometheusRule", "IngressClass", "PriorityClass", "Middleware", "IngressRoute"}
)
"""Kinds from which nothing else comes."""


def may_make(context: Context, unit: Unit, kind: str) -> bool:
    """Whether the objects of a ResourceSet may be, or end as, one of a kind."""
    kinds = _kinds(context, unit)
    if kinds is None or kinds - _PLAIN - _SECRETS - _WORKLOADS:
        return True
    return kind in kinds or (kind == "Secret" and not _SECRETS.isdisjoint(kinds))


def runs_pods(context: Context, unit: Unit) -> bool:
    """Whether there may be pods or Services among the objects of a ResourceSet."""
    kinds = _kinds(context, unit)
    return kinds is None or bool(kinds - _PLAIN - _SECRETS)


def _kinds(context: Context, unit: Unit) -> set[str] | None:
    """The kinds in the templates of a ResourceSet, those of references in them too; None when nobody can tell."""
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    if holder is None:
        return None
    spec = mapping(index.body(holder).get("spec"))
    listed = [mapping(entry).get("kind") for entry in sequence(spec.get("resources"))]
    written = _KIND.findall(str(spec.get("resourcesTemplate") or ""))
    kinds = {str(kind) for kind in (*listed, *written)}
    return kinds if kinds and not any("<<" in kind or "$" in kind for kind in kinds) else None
