"""A pod or claim that a LimitRange of its namespace refuses.

The admission plugin LimitRanger fills in defaults first, and then holds containers, pods and claims against `min`,
`max` and `maxLimitRequestRatio`. The Deployment is accepted, its pods are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.claims import claims
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.limit_ranges import claim_violations, pod_violations
from elysium.evaluate.workloads import workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="limit-range-violated",
    severity=Severity.ERROR,
    summary="a pod or claim beyond what a LimitRange of its namespace allows",
    topic=Topic.SIZING,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container, pod and claim and each bound."""
    for index in context.objects.values():
        if index.of_kind("", "LimitRange"):
            yield from _pods(context, index)
            yield from _claims(context, index)


def _pods(context: Context, index: ObjectIndex) -> Iterator[Finding]:
    for workload in workloads(index):
        for violation in pod_violations(index, workload):
            message = f"{workload.item}: {violation.who} {violation.reason} by {violation.limit_range}"
            at = in_object(context, workload.item, violation.path)
            yield about_object(RULE, workload.item, at, message, hint="the pods are refused: stay within the bounds")


def _claims(context: Context, index: ObjectIndex) -> Iterator[Finding]:
    for claim in claims(index):
        for limit_range, reason in claim_violations(index, claim.item.namespace, claim.requests):
            message = f"{claim.item}: claim {claim.name} {reason} by {limit_range}"
            at = in_object(context, claim.item, (*claim.path, "resources", "requests", "storage"))
            yield about_object(RULE, claim.item, at, message, hint="the claim is refused: stay within the bounds")
