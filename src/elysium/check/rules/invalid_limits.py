"""A LimitRange or ResourceQuota that contradicts itself.

Bounds the wrong way round, a default beyond its bounds, a misspelled resource: the API server refuses the object, and
the namespace stays without any limit. What is not given follows from the rest: `max` is the default limit, the default
limit the default request.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.limit_validation import limit_range_faults, quota_faults
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-limits",
    severity=Severity.ERROR,
    summary="a LimitRange or ResourceQuota that contradicts itself",
    topic=Topic.SIZING,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)

_KINDS = {"LimitRange": limit_range_faults, "ResourceQuota": quota_faults}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each contradiction."""
    for index in context.objects.values():
        for kind, faults in _KINDS.items():
            for item in index.of_kind("", kind):
                for fault in faults(index, item):
                    at = in_object(context, item, fault.path)
                    hint = "the API server refuses it, and the namespace stays without"
                    yield about_object(RULE, item, at, f"{item}: {fault.reason}", hint=hint)
