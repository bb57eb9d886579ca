"""What a repository offers that nobody declares: what is in use is there, and so is what a release installs.

The chart of a release may not be at hand, and then its IngressClass or its CRDs are not known. But an Ingress names the
class that serves it, and the name of the chart says what it brings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.workloads import mapping, sequence

__all__ = ["deployed_offers", "evident_offers"]

_BY_CHART = {
    "cert-manager": ("cert-manager",),
    "csi-driver-rclone": ("csi/rclone",),
    "external-dns": ("external-dns",),
    "grafana": ("grafana",),
    "ingress-nginx": ("ingress-class/nginx",),
    "intel-device-plugins-gpu": ("gpu/intel",),
    "kube-prometheus-stack": ("monitoring", "grafana"),
    "loki": ("logs", "data-source/loki"),
    "sealed-secrets": ("sealed-secrets",),
    "tailscale-operator": ("ingress-class/tailscale",),
    "traefik": ("ingress-class/traefik",),
}
_BY_KIND = (
    ("bitnami.com", "SealedSecret", "sealed-secrets"),
    ("monitoring.coreos.com", "ServiceMonitor", "monitoring"),
    ("monitoring.coreos.com", "PrometheusRule", "monitoring"),
)
_BY_CLASS = (
    ("networking.k8s.io", "Ingress", "ingressClassName", "ingress-class/"),
    ("", "PersistentVolumeClaim", "storageClassName", "storage-class/"),
)
_DASHBOARD_LABEL = "grafana_dashboard"
_BY_COMMAND = (
    ("workflow/functions", re.compile(r"\bfission\s+spec\s+apply\b")),
    ("workflow/coder", re.compile(r"\bcoder\s+templates?\s+push\b")),
)


def evident_offers(index: ObjectIndex) -> set[str]:
    """Offers that follow from the objects of a cluster which use them, and from the names of its charts."""
    used = {offer for group, kind, offer in _BY_KIND if any(index.of_kind(group, kind))}
    return used | set(_classes(index)) | set(_installed(index)) | set(_collected(index))


def _collected(index: ObjectIndex) -> Iterator[str]:
    """Grafana, where a container beside it collects dashboards by the label that components give to theirs."""
    for workload in workloads(index):
        for container in workload.containers:
            if any(mapping(entry).get("value") == _DASHBOARD_LABEL for entry in sequence(container.body.get("env"))):
                yield "grafana"


def deployed_offers(workflows: Iterable[str]) -> set[str]:
    """Offers that follow from what workflows run: whether functions and Coder templates are deployed already."""
    texts = tuple(workflows)
    return {offer for offer, command in _BY_COMMAND if any(command.search(text) for text in texts)}


def _classes(index: ObjectIndex) -> Iterator[str]:
    for group, kind, field, prefix in _BY_CLASS:
        for item in index.of_kind(group, kind):
            name = mapping(index.body(item).get("spec")).get(field)
            if name and isinstance(name, str):
                yield prefix + name


def _installed(index: ObjectIndex) -> Iterator[str]:
    for item in index.of_kind("helm.toolkit.fluxcd.io", "HelmRelease"):
        spec = mapping(index.body(item).get("spec"))
        template = mapping(mapping(mapping(spec.get("chart")).get("spec")))
        yield from _BY_CHART.get(str(template.get("chart")), ())
        if mapping(spec.get("chartRef")):
            yield from _BY_CHART.get(str(mapping(spec["chartRef"]).get("name")), ())
