"""A pod that none of the declared nodes can take.

The scheduler places a pod on a node whose labels match its nodeSelector and required affinity, whose taints it
tolerates, and that has what it requests; otherwise the pod stays pending. Speaks only where the settings declare the
nodes of the cluster, and holds each pod against empty nodes: what does not fit there never will.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.machines import nodes_of
from elysium.evaluate.scheduling import obstacle
from elysium.evaluate.workloads import workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unschedulable",
    severity=Severity.ERROR,
    summary="a pod that none of the declared nodes can take",
    topic=Topic.SCHEDULING,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload whose pods stay pending."""
    for cluster, index in context.objects.items():
        nodes = nodes_of(context, cluster)
        for workload in workloads(index) if nodes else ():
            found = obstacle(index, workload, nodes)
            if found:
                message = f"{workload.item} can run on none of the declared nodes: {found.reason}"
                at = in_object(context, workload.item, found.path)
                hint = "change the pod, or `nodes` in elysium.toml if a node differs from what is declared there"
                yield about_object(RULE, workload.item, at, message, hint=hint)
