"""A PodDisruptionBudget that the API server refuses.

It has either `minAvailable` or `maxUnavailable`, as a number from zero on or a percentage of at most 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.formats import open_ended
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-budget",
    severity=Severity.ERROR,
    summary="a PodDisruptionBudget that the API server refuses",
    topic=Topic.AVAILABILITY,
    profiles=("default", "pre-commit"),
)

_FIELDS = ("minAvailable", "maxUnavailable")
_PERCENTAGE = re.compile(r"(100|[0-9]{1,2})%")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each fault of each budget."""
    for index in context.objects.values():
        for item in index.of_kind("policy", "PodDisruptionBudget"):
            spec = mapping(index.body(item).get("spec"))
            for field, reason in _faults(spec):
                at = in_object(context, item, ("spec", field))
                yield about_object(RULE, item, at, f"{item}: {reason}", hint="the API server refuses it")


def _faults(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if all(spec.get(field) is not None for field in _FIELDS):
        yield "maxUnavailable", "minAvailable and maxUnavailable exclude each other"
    for field in _FIELDS:
        value = spec.get(field)
        if isinstance(value, int) and not isinstance(value, bool) and value < 0:
            yield field, f"{field} {value} is less than nothing"
        if isinstance(value, str) and not _PERCENTAGE.fullmatch(value) and not open_ended(value):
            yield field, f"{field} {value!r} is neither a number nor a percentage up to 100%"
