"""A workload of the repository that does not say which application it is.

Kubernetes recommends `app.kubernetes.io/name`; tools group what they show by it. Only `strict` asks for it, and only of
what stands in the repository itself: charts have labels of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import workloads
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="recommended-labels",
    severity=Severity.INFO,
    summary="a workload of the repository that does not say which application it is",
    topic=Topic.CONVENTIONS,
    profiles=(),
)

_NAMES = ("app.kubernetes.io/name", "k8s-app", "app")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload that a file of the repository defines."""
    for index in context.objects.values():
        for workload in workloads(index):
            item = workload.item
            labels = mapping(mapping(workload.body.get("metadata")).get("labels"))
            if item.origin.position is None or item.origin.chart or any(name in labels for name in _NAMES):
                continue
            at = in_object(context, item, ("metadata",))
            message = f"{item.kind} {item.name} has no label app.kubernetes.io/name"
            yield about_object(RULE, item, at, message, hint=f"add `app.kubernetes.io/name: {item.name}`")
