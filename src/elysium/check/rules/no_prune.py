"""A Kustomization that leaves in the cluster what was removed from Git.

With `spec.prune: false` nothing is ever deleted: what Git no longer has goes on running, and nobody sees it there.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="no-prune",
    severity=Severity.INFO,
    summary="a Kustomization that deletes nothing",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Kustomization without pruning."""
    for found in flux_objects(context, "Kustomization"):
        if found.spec.get("prune") is False:
            at = in_object(context, found.item, ("spec", "prune"))
            message = f"{found.item} deletes nothing: what is removed from Git stays in the cluster"
            hint = "use prune: true, and annotate what is to stay: kustomize.toolkit.fluxcd.io/prune: disabled"
            yield about_object(RULE, found.item, at, message, hint=hint)
