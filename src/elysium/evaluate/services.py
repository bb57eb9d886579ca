"""Services with their ports, and the pods that they lead to (Kubernetes API reference, ServiceSpec)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.selectors import contains
from elysium.evaluate.workloads import Container, Workload, mapping, sequence, workloads
from elysium.model import RenderedObject

__all__ = ["Service", "ServicePort", "container_ports", "selected", "service", "services"]


class ServicePort(msgspec.Struct, frozen=True, kw_only=True):
    """One port of a Service. `place` is its position in the list; `target` a name or a number, the port itself unless
    it is said.
    """

    place: int
    name: str = ""
    number: int | None = None
    protocol: str = "TCP"
    target: str | int | None = None
    node_port: int | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A Service as others see it."""

    item: RenderedObject
    kind: str
    selector: dict[str, Any]
    ports: tuple[ServicePort, ...]
    cluster_ip: str = ""
    spec: dict[str, Any] = {}

    @property
    def headless(self) -> bool:
        """Whether it is only a name for its pods: any port of theirs can be asked."""
        return self.cluster_ip == "None"

    @property
    def external(self) -> bool:
        """Whether it is a name for something outside."""
        return self.kind == "ExternalName"

    def port(self, wanted: str) -> ServicePort | None:
        """A port by its name or number."""
        return next((port for port in self.ports if wanted in (port.name, str(port.number))), None)


def services(index: ObjectIndex) -> dict[tuple[str, str], Service]:
    """Every Service by namespace and name. Computed once for an index."""
    found: dict[tuple[str, str], Service] | None = index.__dict__.get("services")
    if found is None:
        items = index.of_kind("", "Service")
        found = {(item.namespace, item.name): _read(item, index.body(item)) for item in items}
        index.__dict__["services"] = found
    return found


def service(index: ObjectIndex, namespace: str, name: str) -> Service | None:
    """One Service."""
    return services(index).get((namespace, name))


def selected(index: ObjectIndex, wanted: Service) -> tuple[Workload, ...]:
    """The workloads whose pods a Service leads to; none without a selector."""
    if not wanted.selector:
        return ()
    candidates = _by_namespace(index).get(wanted.item.namespace, ())
    return tuple(workload for workload in candidates if contains(workload.labels, wanted.selector))


def container_ports(container: Container) -> Iterator[tuple[str, int | None, str]]:
    """Name, number and protocol of each port that a container declares."""
    for entry in sequence(container.body.get("ports")):
        port = mapping(entry)
        yield str(port.get("name") or ""), _number(port.get("containerPort")), str(port.get("protocol") or "TCP")


def _by_namespace(index: ObjectIndex) -> dict[str, list[Workload]]:
    found: dict[str, list[Workload]] | None = index.__dict__.get("workloads_by_namespace")
    if found is None:
        found = {}
        for workload in workloads(index):
            found.setdefault(workload.namespace, []).append(workload)
        index.__dict__["workloads_by_namespace"] = found
    return found


def _read(item: RenderedObject, body: dict[str, Any]) -> Service:
    spec = mapping(body.get("spec"))
    return Service(
        item=item,
        kind=str(spec.get("type") or "ClusterIP"),
        selector=mapping(spec.get("selector")),
        ports=tuple(_ports(spec)),
        cluster_ip=str(spec.get("clusterIP") or ""),
        spec=spec,
    )


def _ports(spec: dict[str, Any]) -> Iterator[ServicePort]:
    for place, entry in enumerate(sequence(spec.get("ports"))):
        port = mapping(entry)
        number = _number(port.get("port"))
        target = port.get("targetPort")
        yield ServicePort(
            place=place,
            name=str(port.get("name") or ""),
            number=number,
            protocol=str(port.get("protocol") or "TCP"),
            target=target if isinstance(target, str) and target else _number(target) or number,
            node_port=_number(port.get("nodePort")) or None,
        )


def _number(value: object) -> int | None:
    """A port number; charts sometimes write it as text, which the API server refuses elsewhere."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
