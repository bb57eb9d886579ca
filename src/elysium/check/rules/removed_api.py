"""An API version that the declared Kubernetes version no longer serves, or will soon stop to serve.

That the declared Flux version never had an API version of Flux is reported here too; what Flux has removed is reported
by `removed-flux-api`.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.flux_life import removed_in
from elysium.check.problems import problem_findings
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="removed-api",
    severity=Severity.ERROR,
    summary="an API version that the declared Kubernetes version does not serve",
    topic=Topic.VERSIONS,
    profiles=("default", "pre-commit", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """An error for what is gone, a warning for what is deprecated."""
    severities = {"deprecated-api": Severity.WARNING}
    for finding in problem_findings(RULE, context, ("removed-api", "deprecated-api"), severities=severities):
        if finding.object is None or removed_in(finding.object.api_version) is None:
            yield finding
