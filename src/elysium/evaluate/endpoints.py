"""Ends of a connection: the pods of a workload, the cluster's DNS, the world outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from elysium.evaluate.workloads import Workload, mapping, sequence
from elysium.model import RenderedObject

__all__ = ["DNS", "OUTSIDE", "Endpoint", "NamedPort", "endpoint_of"]

_GENERATED = (
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
)


class NamedPort(msgspec.Struct, frozen=True, kw_only=True):
    """A declared port of a container."""

    name: str
    number: int
    protocol: str = "TCP"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Pods that are alike. `complete`: they have no other labels than these and those that controllers add.

    Pods of the host's network have the address of their node, which no pod selector finds. `outside` is what is no pod.
    """

    name: str
    namespace: str = ""
    labels: Mapping[str, Any] = {}
    ports: tuple[NamedPort, ...] = ()
    complete: bool = True
    host_network: bool = False
    outside: bool = False
    item: RenderedObject | None = None

    def lacks(self, key: str) -> bool:
        """Whether the pods certainly do not have a label that is not listed."""
        return self.complete and key not in _GENERATED

    def number_of(self, name: str, protocol: str) -> int | None:
        """The number of a named port."""
        found = (port.number for port in self.ports if (port.name, port.protocol) == (name, protocol))
        return next(found, None)

    def __str__(self) -> str:
        return self.name


DNS = Endpoint(
    name="the cluster's DNS",
    namespace="kube-system",
    labels={"k8s-app": "kube-dns"},
    ports=(
        NamedPort(name="dns", number=53, protocol="UDP"),
        NamedPort(name="dns-tcp", number=53),
    ),
    complete=False,
)
"""CoreDNS as kubeadm, k3s and most others install it; how else it is labelled is not known."""

OUTSIDE = Endpoint(name="outside the cluster", outside=True)


def endpoint_of(workload: Workload) -> Endpoint:
    """The pods of a workload. Made once for a workload."""
    found: Endpoint | None = workload.__dict__.get("endpoint")
    if found is None:
        found = workload.__dict__["endpoint"] = Endpoint(
            name=str(workload.item),
            namespace=workload.namespace,
            labels=workload.labels,
            ports=tuple(_ports(workload)),
            host_network=workload.spec.get("hostNetwork") is True,
            item=workload.item,
        )
    return found


def _ports(workload: Workload) -> Iterator[NamedPort]:
    for container in workload.containers:
        if container.role == "init":
            continue
        for port in sequence(container.body.get("ports")):
            number = mapping(port).get("containerPort")
            if isinstance(number, int):
                protocol = str(port.get("protocol") or "TCP")
                yield NamedPort(name=str(port.get("name") or ""), number=number, protocol=protocol)
