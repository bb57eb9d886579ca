"""A Kustomization that waits for its objects as long as its long interval.

`spec.timeout` is `spec.interval` where it is not set. With `wait: true` or health checks, an object that never becomes
ready holds the Kustomization, and everything that depends on it, in progress for that long before it is reported.
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
    id="wait-timeout",
    severity=Severity.WARNING,
    summary="a Kustomization that waits without a time-out of its own",
    topic=Topic.FLUX,
    profiles=("gitops",),
)

_LONG = 30 * 60


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Kustomization that waits for half an hour or more; one for all where most are like that."""

    def finding(found: FluxObject) -> Finding:
        field = "wait" if found.spec.get("wait") is True else "healthChecks"
        at = in_object(context, found.item, ("spec", field))
        message = f"{found.item} waits up to {found.spec['interval']} for its objects: it has no timeout"
        return about_object(RULE, found.item, at, message, hint="add timeout: 5m")

    waiting = [found for found in flux_objects(context, "Kustomization") if _waits(found)]
    yield from as_habit([found for found in waiting if _is_long(found)], len(waiting), finding)


def _waits(found: FluxObject) -> bool:
    return found.spec.get("wait") is True or bool(found.spec.get("healthChecks"))


def _is_long(found: FluxObject) -> bool:
    return (found.seconds("interval") or 0) >= _LONG and not found.spec.get("timeout")
