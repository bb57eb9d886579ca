"""An API version that the declared Kubernetes version no longer serves, or will soon stop to serve.

That the declared Flux version never had an API version of Flux is reported here too; what Flux has removed is reported
by `removed-flux-api`.
"""

from __future__ import annotations

import re
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

_REMOVED = re.compile(r"removed in 1\.(\d+)")
_MINOR = re.compile(r"^1\.(\d+)")


def check(context: Context) -> Iterator[Finding]:
    """An error for what is gone, a warning for what the next version removes, a note for what is deprecated."""
    severities = {"deprecated-api": Severity.WARNING}
    for finding in problem_findings(RULE, context, ("removed-api", "deprecated-api"), severities=severities):
        if finding.object is None or removed_in(finding.object.api_version) is None:
            waits = finding.severity is Severity.WARNING and not _is_urgent(context, finding.message)
            severity = Severity.INFO if waits else finding.severity
            yield msgspec.structs.replace(finding, severity=severity, edits=_edits(context, finding))


def _is_urgent(context: Context, message: str) -> bool:
    """Whether the next minor version of Kubernetes removes it. Some that are deprecated (Endpoints) stay for good, and
    what replaces the others may be younger than the cluster.
    """
    removed = _REMOVED.search(message)
    now = _MINOR.search(context.render.kubernetes)
    return removed is not None and now is not None and int(removed[1]) <= int(now[1]) + 1


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
