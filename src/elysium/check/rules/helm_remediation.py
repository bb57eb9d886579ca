"""A HelmRelease that is not tried again after it failed.

`install.remediation.retries` and `upgrade.remediation.retries` are 0 where they are not set: after one failed attempt
helm-controller waits until the chart or the values change. With retries it uninstalls or rolls back and tries again;
the strategy `RetryOnFailure` tries again in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, as_habit, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="helm-remediation",
    severity=Severity.WARNING,
    summary="a HelmRelease that is not tried again after it failed",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each HelmRelease without retries; one for all where most have none."""

    def finding(found: FluxObject) -> Finding:
        missing = _missing(found)
        at = in_object(context, found.item, ("spec", missing[0]))
        message = f"{found.item} is not tried again when its {' or '.join(missing)} fails"
        hint = "set remediation.retries, or strategy: {name: RetryOnFailure}"
        return about_object(RULE, found.item, at, message, hint=hint)

    releases = tuple(flux_objects(context, "HelmRelease"))
    yield from as_habit([found for found in releases if _missing(found)], len(releases), finding)


def _missing(found: FluxObject) -> list[str]:
    return [action for action in ("install", "upgrade") if not _retries(mapping(found.spec.get(action)))]


def _retries(action: dict[str, Any]) -> bool:
    strategy = mapping(action.get("strategy")).get("name")
    return bool(mapping(action.get("remediation")).get("retries")) or strategy == "RetryOnFailure"
