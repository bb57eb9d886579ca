"""A Kustomization with a long interval that tries again only after all of it.

Without `spec.retryInterval` a failed build or apply is tried again after `spec.interval`: with one of half an hour or
more, a mistake of a moment (a webhook that was not there yet, a CRD that came later) keeps an application down that
long.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, as_habit, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="retry-interval",
    severity=Severity.WARNING,
    summary="a Kustomization that is tried again only after its long interval",
    topic=Topic.FLUX,
    profiles=("gitops",),
)

_LONG = 30 * 60


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Kustomization without a retry of its own; one for all where most are like that."""

    def finding(found: FluxObject) -> Finding:
        at = in_object(context, found.item, ("spec", "interval"))
        message = f"{found.item} is tried again after {found.spec['interval']} when it fails: it has no retryInterval"
        return about_object(RULE, found.item, at, message, hint="add retryInterval: 2m")

    kustomizations = tuple(flux_objects(context, "Kustomization"))
    yield from as_habit([found for found in kustomizations if _is_late(found)], len(kustomizations), finding)


def _is_late(found: FluxObject) -> bool:
    return (found.seconds("interval") or 0) >= _LONG and not found.spec.get("retryInterval")
