"""A `targetPort` that the pods behind a Service do not have.

A target port by name is looked up among the ports that the containers declare; where no container declares it, the
Service has no endpoints (Kubernetes documentation, "Field spec.ports[].targetPort"). A number need not be declared; but
where the containers declare ports, none of them is this number, they are reached by no Service, and nobody tells the
program of the number, it is most likely a slip of the pen. In what a chart made it is a warning: charts carry Services
along that nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex, Workload
from elysium.evaluate.services import Service, ServicePort, container_ports, selected, services
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="service-target-port",
    severity=Severity.ERROR,
    summary="the target port of a Service is none of its pods' ports",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)

_ASIDE = ("metric", "prom", "health", "probe", "status", "admin")
Declared = set[tuple[str, int | None, str]]


def check(context: Context) -> Iterator[Finding]:
    """One finding for each port of a Service that leads to no port of a pod."""
    for index in context.objects.values():
        for service in services(index).values():
            pods = selected(index, service)
            declared = {port for pod in pods for container in pod.containers for port in container_ports(container)}
            for port in (port for port in service.ports if pods and port.target is not None):
                problem = _by_name(port, declared) if isinstance(port.target, str) else _by_number(index, port, pods)
                if problem is not None:
                    message, hint, severity = problem
                    severity = Severity.WARNING if service.item.origin.chart else severity
                    entry = mapping(sequence(service.spec.get("ports"))[port.place])
                    field = "targetPort" if "targetPort" in entry else "port"
                    at = in_object(context, service.item, ("spec", "ports", port.place, field))
                    text = f"{service.item}: {field} {port.target} {message} {_names(pods)}"
                    yield about_object(RULE, service.item, at, text, hint=hint, severity=severity)


def _by_name(port: ServicePort, declared: Declared) -> tuple[str, str, Severity] | None:
    names = {name for name, _, protocol in declared if name and protocol == port.protocol}
    if port.target in names:
        return None
    near = nearest(str(port.target), names)
    hint = f"did you mean {near}?" if near else f"they declare {', '.join(sorted(names)) or 'no ports with a name'}"
    return "is the name of no port of", hint, Severity.ERROR


def _by_number(index: ObjectIndex, port: ServicePort, pods: tuple[Workload, ...]) -> tuple[str, str, Severity] | None:
    """A number that no container declares, while a declared port of the main container is left over."""
    if len(pods) != 1:
        return None
    ports = [entry for container in pods[0].containers for entry in container_ports(container)]
    numbers = {number for _, number, protocol in ports if protocol == port.protocol and number is not None}
    if not numbers or port.target in numbers:
        return None
    reached = {target for service in _services_of(index, pods[0]) for target in _targets(service)}
    left = [f"{name} ({number})" if name else str(number) for name, number, _ in ports if not {name, number} & reached]
    if not left or len(left) < len({number for _, number, _ in ports}) or _is_apart(pods[0], str(port.target), ports):
        return None
    return "is declared by no container of", f"they declare {', '.join(sorted(left))}", Severity.WARNING


def _is_apart(pod: Workload, number: str, ports: list[tuple[str, int | None, str]]) -> bool:
    """Whether the program is told of the number, or declares for others only what serves metrics or health."""
    given = (part for container in pod.containers for part in map(container.body.get, ("command", "args", "env")))
    aside = all(any(word in name for word in _ASIDE) for name, _, _ in ports if name)
    return any(number in str(part) for part in given if part) or (aside and any(name for name, _, _ in ports))


def _services_of(index: ObjectIndex, workload: Workload) -> Iterator[Service]:
    for service in services(index).values():
        if service.item.namespace == workload.namespace and workload in selected(index, service):
            yield service


def _targets(service: Service) -> set[str | int | None]:
    return {port.target for port in service.ports}


def _names(pods: tuple[Workload, ...]) -> str:
    return str(pods[0].item) if len(pods) == 1 else f"the {len(pods)} workloads that it selects"
