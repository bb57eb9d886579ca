"""A Kustomization that waits for its objects as long as its long interval.

`spec.timeout` is `spec.interval` where it is not set. With `wait: true` or health checks, an object that never becomes
ready holds the Kustomization, and everything that depends on it, in progress for that long before it is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux_objects import FluxObject, as_habit, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="wait-timeout",
    severity=Severity.WARNING,
    summary="a Kustomization that waits without a time-out of its own",
    topic=Topic.FLUX,
    profiles=("gitops",),
)

_LONG = 30 * 60


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Kustomization that waits for half an hour or more; one for all where most are like that."""
    yield from as_habit(
        list(_findings(context)), sum(_waits(found) for found in flux_objects(context, "Kustomization"))
    )


def _findings(context: Context) -> Iterator[Finding]:
    for found in flux_objects(context, "Kustomization"):
        seconds = found.seconds("interval")
        if _waits(found) and seconds is not None and seconds >= _LONG and not found.spec.get("timeout"):
            field = "wait" if found.spec.get("wait") is True else "healthChecks"
            at = in_object(context, found.item, ("spec", field))
            message = f"{found.item} waits up to {found.spec['interval']} for its objects: it has no timeout"
            yield about_object(RULE, found.item, at, message, hint="add timeout: 5m")


def _waits(found: FluxObject) -> bool:
    return found.spec.get("wait") is True or bool(found.spec.get("healthChecks"))
