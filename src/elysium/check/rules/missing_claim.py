"""A PersistentVolumeClaim that a pod mounts and that nothing makes.

The pod stays `Pending` until the claim is there. This is where an `existingClaim` of a chart ends. Claims are made by
manifests and by the `volumeClaimTemplates` of StatefulSets; what an operator makes is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.producers import names, product
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-claim",
    severity=Severity.ERROR,
    summary="a pod mounts a claim that nothing makes",
    topic=Topic.STORAGE,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each volume whose claim nothing makes."""
    kind = "PersistentVolumeClaim"
    for index, use in uses(context, kind):
        if product(index, kind, use.namespace, use.name) is None:
            finding = missing(RULE, context, use, names(index, kind, use.namespace))
            if finding is not None:
                yield finding
