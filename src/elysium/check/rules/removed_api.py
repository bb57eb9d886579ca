"""An API version that the declared Kubernetes version no longer serves, or will soon stop to serve."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.problems import problem_findings
from elysium.check.rule import Rule
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="removed-api",
    severity=Severity.ERROR,
    summary="an API version that the declared Kubernetes version does not serve",
)


def check(context: Context) -> Iterator[Finding]:
    """An error for what is gone, a warning for what is deprecated."""
    severities = {"deprecated-api": Severity.WARNING}
    yield from problem_findings(RULE, context, ("removed-api", "deprecated-api"), severities=severities)
