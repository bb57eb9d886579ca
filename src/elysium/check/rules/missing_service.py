"""A Service that nothing makes, behind an Ingress, a route, a webhook or an aggregated API.

Without it an ingress controller answers 404 or 503, or drops the whole router; the API server refuses every request
that a webhook with `failurePolicy: Fail` should have seen. What an operator or an unknown chart might make is left
alone; `statefulset-service` looks after the Services of StatefulSets.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers import Means
from elysium.evaluate.services import service, services
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-service",
    severity=Severity.ERROR,
    summary="an Ingress, route or webhook leads to a Service that nothing makes",
    topic=Topic.NETWORK,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference to a Service that is not there."""
    for index, use in uses(context, "Service", Means.GOVERNING):
        if service(index, use.namespace, use.name) is None:
            known = (name for namespace, name in services(index) if namespace == use.namespace)
            finding = missing(RULE, context, use, known)
            if finding is not None:
                yield finding
