"""A Deployment that rolls out over a volume that only one node can mount.

A rolling update starts the new pod before the old one is gone. When it lands on another node, a ReadWriteOnce volume
cannot be attached there ("Multi-Attach error"), the new pod never gets ready, and the old one never goes. With
ReadWriteOncePod this happens on the same node, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads import attachment
from elysium.evaluate.claims import Claim
from elysium.evaluate.rollouts import pod_count
from elysium.evaluate.workloads import Workload, mapping, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="rwo-rolling-update",
    severity=Severity.WARNING,
    summary="a Deployment rolls out over a volume that one node alone can mount",
    topic=Topic.STORAGE,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Deployment."""
    for cluster, index in context.objects.items():
        known = attachment.claims_by_name(index)
        for workload in workloads(index) if known else ():
            if workload.item.kind != "Deployment":
                continue
            count = pod_count(index, workload)
            claims = [
                claim
                for claim, _ in attachment.exclusive_claims(known, workload)
                if attachment.single_pod(claim)
                or not (attachment.pinned(workload) or attachment.stays_on_a_node(context, cluster, claim))
            ]
            if claims and (count.surge or count.peak > 1):
                yield _finding(context, workload, claims[0], count.peak)


def _finding(context: Context, workload: Workload, claim: Claim, replicas: int) -> Finding:
    strategy = mapping(mapping(workload.body.get("spec")).get("strategy"))
    mode = claim.access_modes[0]
    if replicas > 1:
        why, field = f"has {replicas} replicas", "replicas"
        hint = "one replica, a StatefulSet with a claim for each pod, or a ReadWriteMany volume"
    else:
        why, field = "starts a new pod before the old one goes", "strategy"
        hint = "strategy: {type: Recreate}"
    at = in_object(context, workload.item, ("spec", field) if strategy or field == "replicas" else ("spec",))
    message = f"{workload.item} {why}, but its claim {claim.name} is {mode}"
    return about_object(RULE, workload.item, at, message, hint=hint)
