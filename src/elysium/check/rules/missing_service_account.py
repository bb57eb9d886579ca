"""A ServiceAccount that nothing makes.

The API server refuses pods whose account does not exist, so a Deployment stays at zero; and what Flux is to apply under
an account that does not exist is not applied. The account `default` is in every namespace.
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
    id="missing-service-account",
    severity=Severity.ERROR,
    summary="pods or Flux are to run as a ServiceAccount that nothing makes",
    topic=Topic.ACCESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each account that nothing makes."""
    for index, use in uses(context, "ServiceAccount"):
        if product(index, "ServiceAccount", use.namespace, use.name) is None:
            finding = missing(RULE, context, use, names(index, "ServiceAccount", use.namespace))
            if finding is not None:
                yield finding
