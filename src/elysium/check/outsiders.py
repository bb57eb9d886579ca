"""Whether pods may come into a namespace that are not among the rendered workloads."""

from __future__ import annotations

from elysium.check.context import Context
from elysium.model import UnitKind, UnitState

__all__ = ["pods_may_come"]

_WITHOUT_PODS = (
    "k8s.io",
    "toolkit.fluxcd.io",
    "bitnami.com",
    "external-secrets.io",
    "cert-manager.io",
    "traefik.io",
    "cilium.io",
    "projectcalico.org",
)
_BUILT_IN = ("", "apps", "batch", "autoscaling", "policy")
_KINDS = ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "GrafanaDashboard", "GrafanaDatasource")


def pods_may_come(context: Context, cluster: str, namespace: str) -> bool:
    """Whether an operator may make pods from a custom object of the namespace, or a unit is not known that may."""
    for unit in context.units_of(cluster):
        if unit.state in (UnitState.FAILED, UnitState.UNKNOWN):
            into = unit.release_namespace or unit.id.namespace
            if unit.id.kind is not UnitKind.HELM_RELEASE or into == namespace:
                return True
    return any(
        item.namespace == namespace
        for (group, kind), items in context.objects[cluster].kinds.items()
        if kind not in _KINDS and group not in _BUILT_IN and not group.endswith(_WITHOUT_PODS)
        for item in items
    )
