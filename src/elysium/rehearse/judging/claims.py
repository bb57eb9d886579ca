"""Claims that no storage class serves.

A claim that waits for its first consumer, or for a provisioner that does not run here, is no defect: only a class that
is missing is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from elysium.cluster.protocol import Claim, Observation
from elysium.model import ObjectId
from elysium.rehearse.judging.world import World
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict

__all__ = ["claim_verdicts"]

_MISSING = re.compile(r"storageclass\.storage\.k8s\.io \"([^\"]+)\" not found")
_NO_CLASS = "no storage class is set"


def claim_verdicts(observation: Observation, phase: Phase, world: World) -> Iterable[WorkloadVerdict]:
    """One verdict for each claim, and one for all the claims of a StatefulSet."""
    if world.made_up_classes:
        return
    makers = {
        item.object.id for item in observation.workloads if item.object.kind == "StatefulSet"
    }  # its claims are named after it
    seen: set[ObjectId] = set()
    for claim in observation.claims:
        hint = _hint(claim)
        subject = _maker(claim.object.id, makers) or claim.object.id
        if hint and claim.phase != "Bound" and subject not in seen:
            seen.add(subject)
            yield WorkloadVerdict(
                phase=phase,
                object=subject,
                state=WorkloadState.UNBOUND,
                message=_message(claim, subject),
                hint=hint,
            )


def _message(claim: Claim, subject: ObjectId) -> str:
    return claim.message if subject == claim.object.id else f"{claim.object.id}: {claim.message}"


def _hint(claim: Claim) -> str:
    if found := _MISSING.search(claim.message):
        return f"no StorageClass {found[1]} is there: use one that the cluster has, or let a unit bring it"
    if _NO_CLASS in claim.message and not claim.storage_class:
        return "set storageClassName: the cluster has no default StorageClass"
    return ""


def _maker(claim: ObjectId, makers: set[ObjectId]) -> ObjectId | None:
    """The StatefulSet of a claim, which is called TEMPLATE-SET-NUMBER."""
    stem, _, number = claim.name.rpartition("-")
    if not number.isdigit():
        return None
    parts = stem.split("-")
    for start in range(1, len(parts)):
        maker = ObjectId("apps", "StatefulSet", claim.namespace, "-".join(parts[start:]))
        if maker in makers:
            return maker
    return None
