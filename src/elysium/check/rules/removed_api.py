"""An API version that the declared Kubernetes version no longer serves, or will soon stop to serve.

That the declared Flux version never had an API version of Flux is reported here too; what Flux has removed is reported
by `removed-flux-api`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.flux.life import removed_in
from elysium.check.moves import SAME_IN, version_edits
from elysium.check.problems import problem_findings
from elysium.check.rule import Rule, Topic
from elysium.model import Edit, Finding, Severity

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
            yield msgspec.structs.replace(finding, edits=_edits(context, finding))


def _edits(context: Context, finding: Finding) -> tuple[Edit, ...]:
    """Another `apiVersion` where that is all there is to change."""
    wanted = finding.object
    version = SAME_IN.get((wanted.api_version, wanted.kind)) if wanted else None
    file = context.files.get(finding.file)
    if wanted is None or version is None or file is None or finding.chart:
        return ()
    same = (wanted.api_version, wanted.kind, wanted.name)
    matching = [item for item in file.documents if (item.api_version, item.kind, item.name) == same]
    return version_edits(context, file.path, matching[0].index, version) if len(matching) == 1 else ()
