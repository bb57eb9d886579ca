"""Who reaches a Service: the pods behind it, each with the port that policies see."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.evaluate.dependencies import pod_port
from elysium.evaluate.endpoints import Endpoint, endpoint_of
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.reach import Answer, network_of
from elysium.evaluate.services import Service, selected

__all__ = ["reach_service", "targets_of"]


def targets_of(index: ObjectIndex, service: Service) -> Iterator[tuple[Endpoint, int, str]]:
    """The pods of a Service with every port that it leads to: what `reach.matrix` asks for."""
    for workload in selected(index, service):
        for port in service.ports:
            number = pod_port(service, port.number, workload) if port.number is not None else None
            if number is not None:
                yield endpoint_of(workload), number, port.protocol


def reach_service(index: ObjectIndex, source: Endpoint, service: Service, wanted: str) -> Iterator[Answer]:
    """Whether pods may talk to a port of a Service, by its name or number; one answer for each workload behind it."""
    port = service.port(wanted)
    for workload in selected(index, service) if port and port.number is not None else ():
        number = pod_port(service, port.number, workload) if port and port.number is not None else None
        if port and number is not None:
            yield network_of(index).reach(source, endpoint_of(workload), number, port.protocol)
