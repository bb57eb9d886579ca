"""A StatefulSet whose Service does not exist.

`serviceName` gives each pod its own name in DNS (`web-0.web.apps.svc`). Without the Service these names do not resolve,
and members of a cluster do not find each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="statefulset-service",
    severity=Severity.WARNING,
    summary="a StatefulSet whose serviceName is no Service",
    topic=Topic.REFERENCES,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each StatefulSet."""
    for index in context.objects.values():
        for item in index.of_kind("apps", "StatefulSet"):
            name = mapping(index.body(item).get("spec")).get("serviceName")
            if not isinstance(name, str) or not name or index.find("", "Service", item.namespace, name):
                continue
            unit = context.units[item.origin.unit]
            if makers.may_be_made(context, unit, "Service", item.namespace, name):
                continue
            services = {service.name for service in index.of_kind("", "Service") if service.namespace == item.namespace}
            near = nearest(name, services)
            at = in_object(context, item, ("spec", "serviceName"))
            hint = f"did you mean {near}?" if near else "add a headless Service of this name (clusterIP: None)"
            yield about_object(RULE, item, at, f"{item}: there is no Service {name}", hint=hint)
