"""ServiceMonitors and PodMonitors, and what they select (Prometheus Operator, API reference)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.selectors import matches
from elysium.evaluate.services import container_ports, services
from elysium.evaluate.workloads import mapping, sequence, workloads
from elysium.model import RenderedObject

__all__ = ["GROUP", "Monitor", "Target", "monitors", "targets"]

GROUP = "monitoring.coreos.com"
"""The API group of the Prometheus Operator."""


class Monitor(msgspec.Struct, frozen=True, kw_only=True):
    """A ServiceMonitor (`of_services`) or PodMonitor. `namespaces` are those that it looks into; None is all."""

    item: RenderedObject
    of_services: bool
    selector: dict[str, Any]
    namespaces: tuple[str, ...] | None
    endpoints: tuple[Any, ...]
    labels: dict[str, Any]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A Service or workload with its labels and the names of its ports."""

    item: RenderedObject
    labels: dict[str, Any]
    ports: frozenset[str]


def monitors(index: ObjectIndex) -> Iterator[Monitor]:
    """Every monitor of a cluster."""
    for kind, field in (("ServiceMonitor", "endpoints"), ("PodMonitor", "podMetricsEndpoints")):
        for item in index.of_kind(GROUP, kind):
            body = index.body(item)
            spec = mapping(body.get("spec"))
            yield Monitor(
                item=item,
                of_services=kind == "ServiceMonitor",
                selector=mapping(spec.get("selector")),
                namespaces=_namespaces(item, mapping(spec.get("namespaceSelector"))),
                endpoints=tuple(sequence(spec.get(field))),
                labels=mapping(mapping(body.get("metadata")).get("labels")),
            )


def targets(index: ObjectIndex, monitor: Monitor, *, everywhere: bool = False) -> tuple[Target, ...]:
    """What a monitor selects; with `everywhere` in any namespace."""
    candidates = _candidates(index, monitor.of_services)
    places = tuple(candidates) if everywhere or monitor.namespaces is None else monitor.namespaces
    return tuple(
        target for place in places for target in candidates.get(place, ()) if matches(monitor.selector, target.labels)
    )


def _candidates(index: ObjectIndex, of_services: bool) -> dict[str, list[Target]]:
    """Everything that could be selected, by namespace. Computed once for an index."""
    name = "services_to_scrape" if of_services else "pods_to_scrape"
    found: dict[str, list[Target]] | None = index.__dict__.get(name)
    if found is None:
        found = {}
        for target in _services(index) if of_services else _pods(index):
            found.setdefault(target.item.namespace, []).append(target)
        index.__dict__[name] = found
    return found


def _services(index: ObjectIndex) -> Iterator[Target]:
    for service in services(index).values():
        metadata = mapping(index.body(service.item).get("metadata"))
        ports = frozenset(port.name for port in service.ports)
        yield Target(item=service.item, labels=mapping(metadata.get("labels")), ports=ports)


def _pods(index: ObjectIndex) -> Iterator[Target]:
    for workload in workloads(index):
        names = frozenset(name for container in workload.containers for name, _, _ in container_ports(container))
        yield Target(item=workload.item, labels=workload.labels, ports=names)


def _namespaces(item: RenderedObject, selector: dict[str, Any]) -> tuple[str, ...] | None:
    if selector.get("any") is True:
        return None
    named = tuple(name for name in sequence(selector.get("matchNames")) if isinstance(name, str))
    return named or (item.namespace,)
