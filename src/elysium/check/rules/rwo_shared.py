"""A claim that one node alone can mount, used by several workloads.

ReadWriteOnce lets pods of one node share a volume; on another node the pod waits for the volume for ever. Nothing keeps
the pods together unless they say so. ReadWriteOncePod admits a single pod in the whole cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads import attachment
from elysium.evaluate.claims import Claim
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.rollouts import pod_count
from elysium.evaluate.workloads import Path, Workload, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="rwo-shared",
    severity=Severity.WARNING,
    summary="several workloads share a volume that one node alone can mount",
    topic=Topic.STORAGE,
    profiles=("default", "gitops"),
)

_Users = list[tuple[Workload, Path]]


def check(context: Context) -> Iterator[Finding]:
    """One finding for each claim, at the last workload that mounts it."""
    for cluster, index in context.objects.items():
        for claim, users in _shared(index):
            lasting = [workload for workload, _ in users if pod_count(index, workload).steady]
            if attachment.single_pod(claim) and len(lasting) > 1:
                yield _finding(context, claim, users, Severity.ERROR)
            elif not attachment.stays_on_a_node(context, cluster, claim) and not _together(users):
                yield _finding(context, claim, users, Severity.WARNING)


def _shared(index: ObjectIndex) -> Iterator[tuple[Claim, _Users]]:
    known = attachment.claims_by_name(index)
    users: dict[tuple[str, str], _Users] = {}
    for workload in workloads(index) if known else ():
        counts = pod_count(index, workload)
        if counts.unknown or counts.steady or counts.transient:
            for claim, path in attachment.exclusive_claims(known, workload):
                users.setdefault((claim.item.namespace, claim.name), []).append((workload, path))
    for key, found in users.items():
        if len({id(workload.item) for workload, _ in found}) > 1:
            yield known[key], found


def _together(users: _Users) -> bool:
    """All but one may say where they run: that one is where the others go."""
    return sum(1 for workload, _ in users if not attachment.pinned(workload)) <= 1


def _finding(context: Context, claim: Claim, users: _Users, severity: Severity) -> Finding:
    workload, path = users[-1]
    others = ", ".join(dict.fromkeys(f"{other.item.kind} {other.item.name}" for other, _ in users[:-1]))
    message = f"{workload.item} shares the claim {claim.name} with {others}, but it is {claim.access_modes[0]}"
    at = in_object(context, workload.item, path)
    hint = "keep them on one node (podAffinity or nodeSelector), or use a ReadWriteMany volume"
    return about_object(RULE, workload.item, at, message, hint=hint, severity=severity)
