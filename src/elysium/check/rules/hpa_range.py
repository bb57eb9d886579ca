"""An autoscaler whose smallest number of replicas is above its largest.

The API server refuses it: "must be greater than or equal to `minReplicas`". KEDA refuses a ScaledObject alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.autoscaling import autoscalers
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="hpa-range",
    severity=Severity.ERROR,
    summary="an autoscaler whose minimum is above its maximum",
    topic=Topic.AVAILABILITY,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each autoscaler."""
    for index in context.objects.values():
        for scaler in autoscalers(index):
            if scaler.smallest is not None and scaler.largest is not None and scaler.smallest > scaler.largest:
                field = "maxReplicas" if scaler.item.kind == "HorizontalPodAutoscaler" else "maxReplicaCount"
                at = in_object(context, scaler.item, ("spec", field))
                message = f"{scaler.item}: at most {scaler.largest} replicas are less than at least {scaler.smallest}"
                yield about_object(RULE, scaler.item, at, message, hint="the API server refuses it: raise the maximum")
