"""A pod, or the workload around it, that the API server refuses although its schema is right.

A volume that is mounted and not declared, a port out of range, a probe with two handlers, a strategy that contradicts
itself: such things are checked by the API server's own code, field against field. For a pod of a Deployment this
happens when the Deployment is applied, so the whole Kustomization or release fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.pod_validation import pod_faults
from elysium.evaluate.workloads import workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-pod",
    severity=Severity.ERROR,
    summary="a pod or workload that the API server refuses although its schema is right",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each field."""
    for index in context.objects.values():
        for workload in workloads(index):
            for fault in pod_faults(workload):
                at = in_object(context, workload.item, fault.path)
                yield about_object(RULE, workload.item, at, f"{workload.item}: {fault.reason}", hint=_HINT)


_HINT = "the API server refuses the object, and Flux fails with it"
