"""A Job whose pods are to be restarted always.

A Job has to end, so the API server refuses every `restartPolicy` but `Never` and `OnFailure`. The default is `Always`:
leaving the field out is refused as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="job-restart-policy",
    severity=Severity.ERROR,
    summary="a Job or CronJob whose restartPolicy is Always",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Job and CronJob."""
    for index in context.objects.values():
        for workload in workloads(index):
            policy = workload.spec.get("restartPolicy")
            if workload.item.kind in ("Job", "CronJob") and policy in (None, "", "Always"):
                given = f"is {policy}" if policy else "is missing, which means Always"
                message = f"{workload.item}: restartPolicy {given}; a Job may have OnFailure or Never"
                at = in_object(context, workload.item, (*workload.spec_path, "restartPolicy"))
                hint = "restartPolicy: OnFailure, or Never to keep the logs of each attempt"
                yield about_object(RULE, workload.item, at, message, hint=hint)
