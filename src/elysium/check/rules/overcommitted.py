"""Pods that together request more than all declared nodes have.

Each of them would fit, but not all: the last ones stay pending, and after the loss of a node it is chance which.
Counted is what runs all the time, without rollouts and jobs.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.scheduling import totals
from elysium.model import Finding, Severity
from elysium.settings import line_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="overcommitted",
    severity=Severity.WARNING,
    summary="all pods together request more than the declared nodes have",
    topic=Topic.SCHEDULING,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each cluster and resource."""
    for cluster, index in context.objects.items():
        nodes = nodes_of(context, cluster)
        for total in totals(index, nodes) if nodes else ():
            if total.requested > total.available:
                needed, there = total.requested.written(total.resource), total.available.written(total.resource)
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=f"{cluster}: all pods request {needed} of {total.resource}, and its nodes have {there}",
                    hint="lower requests that nobody needs, or declare the nodes as they are",
                    cluster=cluster,
                    file="elysium.toml",
                    line=line_of(context.text("elysium.toml"), ("cluster", cluster, "nodes", 0)),
                )
