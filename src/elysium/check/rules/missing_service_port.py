"""A port that a Service does not have.

An Ingress, route or webhook names a port of a Service by its name or by the number under `port`, not by the port of the
container. A port that is not there has no endpoints: the controller answers 503 or drops the route.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers import of_kind
from elysium.evaluate.services import service
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-service-port",
    severity=Severity.ERROR,
    summary="an Ingress, route or webhook names a port that the Service does not have",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each port that is not among those of an existing Service."""
    for index in context.objects.values():
        for use in of_kind(index, "Service"):
            found = service(index, use.namespace, use.name) if use.key else None
            if found is None or found.port(use.key) or (found.external and not found.ports):
                continue
            known = [f"{port.name} ({port.number})" if port.name else str(port.number) for port in found.ports]
            aimed = next((port for port in found.ports if use.key == str(port.target)), None)
            hint = f"it has {', '.join(known) or 'none'}"
            if aimed is not None:
                hint += f"; {use.key} is the port of the container, that of the Service is {aimed.number}"
            at = in_object(context, use.item, use.key_path)
            yield about_object(RULE, use.item, at, f"{use.item}: {use} has no port {use.key}", hint=hint)
