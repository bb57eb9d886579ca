"""A namespace that holds more than its ResourceQuota allows.

The API server accepts Deployments and StatefulSets, and refuses their pods one by one: everything is applied, and the
last pods never come. What counts is what runs all the time; see quota-rollout for what runs at times.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.quotas import Outcome, QuotaLine, quota_lines
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="quota-exceeded",
    severity=Severity.ERROR,
    summary="a ResourceQuota is too small for what its namespace holds",
    topic=Topic.SIZING,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each line of a quota that what runs all the time exceeds."""
    for cluster, index in context.objects.items():
        for line in quota_lines(index, nodes_of(context, cluster)):
            if line.outcome is Outcome.EXCEEDED:
                yield _finding(context, line)


def _finding(context: Context, line: QuotaLine) -> Finding:
    needed, allowed = line.steady.written(line.resource), line.hard.written(line.resource)
    missing = (line.steady - line.hard).written(line.resource)
    message = f"{line.quota}: {line.resource} is {allowed}, and {needed} are needed ({_shares(line)})"
    at = in_object(context, line.quota, ("spec", "hard", line.resource))
    return about_object(RULE, line.quota, at, message, hint=f"{missing} too little: raise the quota or ask for less")


def _shares(line: QuotaLine) -> str:
    takers = [share for share in line.shares if share.steady.nano]
    takers.sort(key=lambda share: (-share.steady.nano, str(share.item)))
    shown = [f"{item.item.kind} {item.item.name} {item.steady.written(line.resource)}" for item in takers[:3]]
    return ", ".join(shown) + (f" and {len(takers) - 3} more" if len(takers) > 3 else "")
