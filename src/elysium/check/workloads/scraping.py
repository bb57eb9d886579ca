"""Who scrapes, and which pods its monitors make targets of (Prometheus Operator, API reference)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.evaluate.dependencies import pod_port
from elysium.evaluate.endpoints import Endpoint, endpoint_of
from elysium.evaluate.operated import GROUP, operated
from elysium.evaluate.selectors import matches
from elysium.evaluate.services import Service, selected, services
from elysium.evaluate.workloads import Path, mapping, sequence
from elysium.model import RenderedObject

__all__ = ["scrapers", "targets"]

Target = tuple[RenderedObject, Path, Workload, int]
_Found = TypeVar("_Found")


def scrapers(index: ObjectIndex) -> list[Endpoint]:
    """The pods of Prometheus: those that the operator makes, with the labels it gives them, and plain ones."""
    plain = [
        endpoint_of(workload)
        for workload in workloads(index)
        if workload.labels.get("app.kubernetes.io/name") == "prometheus"
        and workload.item.kind in ("Deployment", "StatefulSet")
    ]
    return [*operated(index, "Prometheus"), *plain]


def targets(index: ObjectIndex) -> Iterator[Target]:
    """Every pod that a monitor leads to, with the port and the place in the monitor."""
    found: dict[str, list[Service]] = {}
    for (namespace, _), service in services(index).items():
        found.setdefault(namespace, []).append(service)
    pods: dict[str, list[Workload]] = {}
    for workload in workloads(index):
        pods.setdefault(workload.namespace, []).append(workload)
    for item in index.of_kind(GROUP, "ServiceMonitor"):
        spec = mapping(index.body(item).get("spec"))
        yield from _of_services(index, item, spec, _in_reach(item, spec, found))
    for item in index.of_kind(GROUP, "PodMonitor"):
        spec = mapping(index.body(item).get("spec"))
        yield from _of_pods(item, spec, _in_reach(item, spec, pods))


def _of_services(
    index: ObjectIndex, item: RenderedObject, spec: dict[str, Any], candidates: list[Service]
) -> Iterator[Target]:
    for found in candidates:
        labels = mapping(mapping(index.body(found.item).get("metadata")).get("labels"))
        if found.headless or not matches(spec.get("selector"), labels):
            continue
        for number, entry in enumerate(sequence(spec.get("endpoints"))):
            port = found.port(str(mapping(entry).get("port") or "\0"))
            for workload in selected(index, found) if port and port.number else ():
                pod = pod_port(found, port.number, workload) if port and port.number else None
                if pod is not None:
                    yield item, ("spec", "endpoints", number), workload, pod


def _of_pods(item: RenderedObject, spec: dict[str, Any], candidates: list[Workload]) -> Iterator[Target]:
    for workload in candidates:
        if not matches(spec.get("selector"), workload.labels):
            continue
        for number, entry in enumerate(sequence(spec.get("podMetricsEndpoints"))):
            port = endpoint_of(workload).number_of(str(mapping(entry).get("port") or ""), "TCP")
            if port is not None:
                yield item, ("spec", "podMetricsEndpoints", number), workload, port


def _in_reach(item: RenderedObject, spec: dict[str, Any], by_namespace: dict[str, list[_Found]]) -> list[_Found]:
    """What is in the namespaces that a monitor looks at: its own unless it says otherwise."""
    chosen = mapping(spec.get("namespaceSelector"))
    if chosen.get("any") is True:
        return [found for listed in by_namespace.values() for found in listed]
    names = [str(name) for name in sequence(chosen.get("matchNames"))] or [item.namespace]
    return [found for name in names for found in by_namespace.get(name, ())]
