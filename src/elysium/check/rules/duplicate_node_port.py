"""A node port that two Services want, that is out of range, or that the type of the Service does not allow.

The API server hands out each node port once: the second Service is refused ("provided port is already allocated"), and
so is a node port on a Service of type ClusterIP. The range is 30000 to 32767 unless the API server was started with
`--service-node-port-range`, so a number out of it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.services import Service, ServicePort, services
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-node-port",
    severity=Severity.ERROR,
    summary="a node port is taken, out of range or not allowed",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)

_RANGE = range(30000, 32768)
_WITH_NODE_PORTS = ("NodePort", "LoadBalancer")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each node port that cannot be had."""
    for index in context.objects.values():
        taken: dict[tuple[int, str], Service] = {}
        for _, service in sorted(services(index).items()):
            for port in service.ports:
                if port.node_port is not None:
                    problem = _problem(service, port, port.node_port, taken)
                    if problem is not None:
                        message, hint, severity = problem
                        at = in_object(context, service.item, ("spec", "ports", port.place, "nodePort"))
                        text = f"{service.item}: nodePort {port.node_port} {message}"
                        yield about_object(RULE, service.item, at, text, hint=hint, severity=severity)


def _problem(
    service: Service, port: ServicePort, number: int, taken: dict[tuple[int, str], Service]
) -> tuple[str, str, Severity] | None:
    if service.kind not in _WITH_NODE_PORTS:
        return f"on a Service of type {service.kind}", "use type NodePort, or leave it out", Severity.ERROR
    first = taken.setdefault((number, port.protocol), service)
    if first is not service:
        hint = "choose another one, or leave it out and let the API server choose"
        return f"is taken by {first.item}", hint, Severity.ERROR
    if number not in _RANGE:
        hint = "choose one of 30000-32767, or accept this if the API server has another range"
        return "is out of the range 30000-32767", hint, Severity.WARNING
    return None
