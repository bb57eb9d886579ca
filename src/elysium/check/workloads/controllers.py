"""The pods of ingress controllers, found by the labels that their charts and manifests give them."""

from __future__ import annotations

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.routing import ingress_class
from elysium.model import RenderedObject, group_of

__all__ = ["controllers"]

_NAMES = {
    "traefik": ("traefik",),
    "nginx": ("ingress-nginx", "nginx-ingress"),
    "haproxy": ("haproxy-ingress", "kubernetes-ingress"),
    "contour": ("contour",),
    "kong": ("kong", "controller"),
}
_LABELS = ("app.kubernetes.io/name", "app", "k8s-app")


def controllers(index: ObjectIndex, item: RenderedObject) -> list[Workload]:
    """The workloads that answer an Ingress or IngressRoute; none when it is not certain which they are.

    The class tells: `traefik`, `nginx`, or a name with one of them in it, such as `traefik-internal`.
    """
    if group_of(item.api_version).startswith("traefik"):
        family = "traefik"
    else:
        wanted = ingress_class(index.body(item))
        family = next((name for name in _NAMES if name in wanted), "")
    if not family:
        return []
    found = [workload for workload in _known(index, family) if workload.item.kind in ("Deployment", "DaemonSet")]
    return found if len({workload.namespace for workload in found}) == 1 else []


def _known(index: ObjectIndex, family: str) -> list[Workload]:
    """The workloads of each family, found once for an index."""
    found: dict[str, list[Workload]] | None = index.__dict__.get("ingress_controllers")
    if found is None:
        found = {name: [item for item in workloads(index) if _is_of(item, names)] for name, names in _NAMES.items()}
        index.__dict__["ingress_controllers"] = found
    return found[family]


def _is_of(workload: Workload, names: tuple[str, ...]) -> bool:
    return (
        any(workload.labels.get(label) in names for label in _LABELS)
        and workload.labels.get("app.kubernetes.io/component", "controller") == "controller"
    )
