"""A container without a value that a ResourceQuota of its namespace demands.

Where a quota counts cpu or memory, every container (init containers, too) must declare the request or limit that is
counted, itself or by a LimitRange's default. Otherwise the API server refuses the pod: "failed quota: … must specify
limits.memory for: app" (Kubernetes: quota/v1/evaluator/core, `podEvaluator.Constraints`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.quotas import missing_values
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="quota-needs-values",
    severity=Severity.ERROR,
    summary="a quota demands requests or limits that a container does not give",
    topic=Topic.SIZING,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload and quota."""
    for index in context.objects.values():
        for (quota, item), group in groupby(missing_values(index), lambda found: (found.quota, found.workload.item)):
            lacking = list(group)
            names = ", ".join(found.container for found in lacking)
            wanted = sorted({resource for found in lacking for resource in found.resources})
            message = (
                f"{item}: its pods are refused, for {quota} demands {', '.join(wanted)} of every container "
                f"({names} has none)"
            )
            hint = "declare it, or give the namespace a LimitRange with `default` and `defaultRequest`"
            yield about_object(RULE, item, in_object(context, item, lacking[0].path), message, hint=hint)
