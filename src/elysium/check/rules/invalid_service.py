"""A Service that the API server refuses although its schema is right.

Several ports without names, a headless load balancer, fields of a load balancer where there is none: the API server
checks them against each other when the Service is applied. A nodePort where none may be is left to duplicate-node-port.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.service_validation import service_faults
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-service",
    severity=Severity.ERROR,
    summary="a Service that the API server refuses although its schema is right",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each field."""
    for index in context.objects.values():
        for item in index.of_kind("", "Service"):
            for fault in service_faults(index.body(item)):
                at = in_object(context, item, fault.path)
                hint = "the API server refuses the Service, and Flux fails with it"
                yield about_object(RULE, item, at, f"{item}: {fault.reason}", hint=hint)
