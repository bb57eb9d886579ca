"""A probe or lifecycle hook of a container that names a port which the container does not declare.

The kubelet looks a port by name up among the ports of the same container. Without it the probe fails every time: the
container never gets ready, or is killed again and again. Ports by number need no declaration; but a number that differs
in one digit from a declared one, and that neither arguments nor environment mention, is most likely a slip of the pen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import Container, workloads
from elysium.evaluate.services import container_ports
from elysium.evaluate.workloads import Path, mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="probe-port",
    severity=Severity.ERROR,
    summary="a probe names a port that its container does not declare",
    topic=Topic.HEALTH,
    profiles=("default", "pre-commit", "gitops"),
)

_PROBES: tuple[Path, ...] = (
    ("startupProbe",),
    ("readinessProbe",),
    ("livenessProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each probe of a port that is not there, or most likely is not."""
    for index in context.objects.values():
        for workload in workloads(index):
            for container in workload.containers:
                for path, port in _asked_ports(container):
                    problem = _by_name(container, port) if isinstance(port, str) else _by_number(container, port)
                    if problem is None:
                        continue
                    said, hint, severity = problem
                    at = in_object(context, workload.item, (*container.path, *path))
                    what = ".".join(str(part) for part in path[:-2])
                    message = f"{workload.item}: {what} of container {container.name} asks port {port}, {said}"
                    yield about_object(RULE, workload.item, at, message, hint=hint, severity=severity)


def _by_name(container: Container, port: str) -> tuple[str, str, Severity] | None:
    names = {name for name, _, _ in container_ports(container) if name}
    if port in names:
        return None
    near = nearest(port, names)
    hint = f"did you mean {near}?" if near else f"the container declares {', '.join(sorted(names)) or 'no names'}"
    return "not declared", hint, Severity.ERROR


def _by_number(container: Container, port: int) -> tuple[str, str, Severity] | None:
    """A number that is declared but for one digit, and of which nobody tells the program."""
    declared = {number for _, number, _ in container_ports(container) if number is not None}
    close = sorted(number for number in declared if _differ_in_a_digit(str(number), str(port)))
    if not close or port in declared or _is_told(container, str(port)):
        return None
    return f"but declares {close[0]}", f"did you mean {close[0]}? otherwise declare {port}, too", Severity.WARNING


def _differ_in_a_digit(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(left != right for left, right in zip(one, other, strict=True)) == 1


def _is_told(container: Container, number: str) -> bool:
    given = [container.body.get(field) for field in ("command", "args", "env")]
    return any(number in str(part) for part in given if part)


def _asked_ports(container: Container) -> Iterator[tuple[Path, str | int]]:
    for probe in _PROBES:
        body: Any = container.body
        for part in probe:
            body = mapping(body).get(str(part))
        for action in ("httpGet", "tcpSocket", "grpc"):
            port = mapping(mapping(body).get(action)).get("port")
            if isinstance(port, str | int) and _is_port(port):
                yield (*probe, action, "port"), port


def _is_port(port: str | int) -> bool:
    return port != "" and not isinstance(port, bool) and not (isinstance(port, str) and port.isdigit())
