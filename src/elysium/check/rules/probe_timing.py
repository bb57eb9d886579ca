"""Probes whose times contradict each other.

The kubelet kills a container whose liveness probe has failed `failureThreshold` times in a row (3 unless set, every
`periodSeconds`, 10 unless set, from `initialDelaySeconds` on). A readiness probe that only begins after that says that
the container may need longer to start than the liveness probe allows. A liveness probe that asks the same as the
readiness probe and gives up at the first failure restarts under load, when waiting would have helped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import Container, Workload, mapping, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="probe-timing",
    severity=Severity.WARNING,
    summary="probes that restart a container too early, or begin too late",
    topic=Topic.HEALTH,
)

_LONGEST_DELAY = 600
_HANDLERS = ("httpGet", "tcpSocket", "exec", "grpc")
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each contradiction of each container."""
    for index in context.objects.values():
        for workload in workloads(index):
            for container in workload.containers:
                for field, message, hint in _contradictions(container):
                    yield _finding(context, workload, container, field, (message, hint))


def _finding(context: Context, workload: Workload, container: Container, field: str, said: tuple[str, str]) -> Finding:
    at = in_object(context, workload.item, (*container.path, *field.split(".")))
    message = f"{workload.item}: container {container.name}: {said[0]}"
    return about_object(RULE, workload.item, at, message, hint=said[1])


def _contradictions(container: Container) -> Iterator[tuple[str, str, str]]:
    startup, liveness, readiness = (mapping(container.body.get(probe)) for probe in _PROBES)
    for name, probe in zip(_PROBES, (startup, liveness, readiness), strict=True):
        delay = _number(probe, "initialDelaySeconds", 0)
        if delay > _LONGEST_DELAY:
            hint = "a startupProbe with a higher failureThreshold waits as long as needed and no longer"
            yield f"{name}.initialDelaySeconds", f"the {name} does not begin before {delay} seconds", hint
    if not liveness or not readiness:
        return
    if _number(liveness, "failureThreshold", 3) == 1 and _handler(liveness) == _handler(readiness):
        said = "the liveness probe asks the same as the readiness probe and restarts at the first failure"
        yield "livenessProbe.failureThreshold", said, "raise failureThreshold of the livenessProbe"
    patience = _number(liveness, "initialDelaySeconds", 0)
    patience += _number(liveness, "failureThreshold", 3) * _number(liveness, "periodSeconds", 10)
    if not startup and _number(readiness, "initialDelaySeconds", 0) > patience:
        late = _number(readiness, "initialDelaySeconds", 0)
        said = f"it may be killed after {patience} seconds, but is not even asked before {late} whether it is ready"
        yield "livenessProbe", said, "add a startupProbe, and leave initialDelaySeconds out"


def _handler(probe: dict[str, Any]) -> dict[str, Any]:
    return {name: probe[name] for name in _HANDLERS if name in probe}


def _number(probe: dict[str, Any], field: str, absent: int) -> int:
    value = probe.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else absent
