"""A probe or lifecycle hook of a container that names a port which the container does not declare.

The kubelet looks a port by name up among the ports of the same container. Without it the probe fails every time: the
container never gets ready, or is killed again and again. Ports by number need no declaration.
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
    """One finding for each port by name that is not there."""
    for index in context.objects.values():
        for workload in workloads(index):
            for container in workload.containers:
                names = {name for name, _, _ in container_ports(container) if name}
                for path, name in _named_ports(container):
                    if name in names:
                        continue
                    at = in_object(context, workload.item, (*container.path, *path))
                    what = ".".join(str(part) for part in path[:-2])
                    message = f"{workload.item}: {what} of container {container.name} asks port {name}, not declared"
                    near = nearest(name, names)
                    known = ", ".join(sorted(names)) or "no ports with a name"
                    hint = f"did you mean {near}?" if near else f"the container declares {known}"
                    yield about_object(RULE, workload.item, at, message, hint=hint)


def _named_ports(container: Container) -> Iterator[tuple[Path, str]]:
    for probe in _PROBES:
        body: Any = container.body
        for part in probe:
            body = mapping(body).get(str(part))
        for action in ("httpGet", "tcpSocket"):
            port = mapping(mapping(body).get(action)).get("port")
            if isinstance(port, str) and port and not port.isdigit():
                yield (*probe, action, "port"), port
