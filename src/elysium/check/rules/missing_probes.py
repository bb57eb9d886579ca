"""A container that serves a port, and that nobody asks whether it can.

Without a readiness probe a pod gets traffic from the moment its process starts, and a rollout calls it done; without a
liveness probe a process that hangs is never restarted. Jobs and init containers end by themselves and are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import Container, mapping, sequence, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-probes",
    severity=Severity.WARNING,
    summary="a container that serves a port without a readiness or liveness probe",
    topic=Topic.HEALTH,
    profiles=("review", "pre-commit"),
)

_KINDS = ("Deployment", "StatefulSet", "DaemonSet")
_METRICS = "metrics"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container."""
    for index in context.objects.values():
        for workload in workloads(index):
            for container in workload.containers if workload.item.kind in _KINDS else ():
                probed = any(container.body.get(probe) for probe in ("readinessProbe", "livenessProbe"))
                if container.role == "main" and _serves(container) and not probed:
                    message = f"{workload.item}: container {container.name} serves a port without a probe"
                    at = in_object(context, workload.item, (*container.path, "ports"))
                    hint = "add a readinessProbe (httpGet, tcpSocket or exec), and a livenessProbe if it may hang"
                    yield about_object(RULE, workload.item, at, message, hint=hint)


def _serves(container: Container) -> bool:
    """Whether there is a port for clients: one that only Prometheus asks says nothing about being ready."""
    ports = [mapping(port) for port in sequence(container.body.get("ports"))]
    return any(_METRICS not in str(port.get("name") or "") for port in ports)
