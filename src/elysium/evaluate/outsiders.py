"""What may make pods in a namespace besides the rendered workloads: operators, and units that are not known."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.index import ObjectIndex
from elysium.model import UnitKind, UnitState

__all__ = ["other_pod_makers"]

_WITHOUT_PODS = (
    "k8s.io",
    "toolkit.fluxcd.io",
    "bitnami.com",
    "external-secrets.io",
    "cert-manager.io",
    "traefik.io",
    "cilium.io",
    "projectcalico.org",
    "keda.sh",
)
_BUILT_IN = ("", "apps", "batch", "autoscaling", "policy")
_KINDS = ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "GrafanaDashboard", "GrafanaDatasource")


def other_pod_makers(index: ObjectIndex, namespace: str) -> Iterator[str]:
    """The custom objects of the namespace from which an operator may make pods, and the units that are not known.

    A release makes its pods in one namespace; a Kustomization or ResourceSet that is not known may in any.
    """
    for unit in index.units:
        if unit.state in (UnitState.FAILED, UnitState.UNKNOWN):
            into = unit.release_namespace or unit.id.namespace
            if unit.id.kind is not UnitKind.HELM_RELEASE or into == namespace:
                yield f"{unit.id} is {unit.state}"
    for (group, kind), items in index.kinds.items():
        if kind in _KINDS or group in _BUILT_IN or group.endswith(_WITHOUT_PODS):
            continue
        for item in items:
            if item.namespace == namespace:
                yield f"an operator may make pods from {item}"
