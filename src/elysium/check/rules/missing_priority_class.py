"""A PriorityClass that does not exist.

The admission of the API server refuses pods with an unknown `priorityClassName`, so nothing of the workload starts. The
classes `system-cluster-critical` and `system-node-critical` are in every cluster.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, settings_of, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-priority-class",
    severity=Severity.ERROR,
    summary="pods name a PriorityClass that nothing makes",
    topic=Topic.SCHEDULING,
    profiles=("default", "gitops"),
)

_BUILT_IN = ("system-cluster-critical", "system-node-critical")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each unknown class."""
    for index, use in uses(context, "PriorityClass"):
        known = {item.name for item in index.of_kind("scheduling.k8s.io", "PriorityClass")}
        known.update(settings_of(context, use).priority_classes)
        if use.name not in known and use.name not in _BUILT_IN:
            finding = missing(RULE, context, use, (*known, *_BUILT_IN))
            if finding is not None:
                yield finding
