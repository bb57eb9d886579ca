"""A workload that does not select its own pods.

The API server refuses it: "`selector` does not match template `labels`". Mostly a label was renamed in one place, or a
patch changed the labels of the template alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import Workload, mapping, workloads
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="selector-mismatch",
    severity=Severity.ERROR,
    summary="a workload whose selector does not match its own pods",
    topic=Topic.REFERENCES,
    profiles=("default", "pre-commit"),
)

_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload."""
    for index in context.objects.values():
        for workload in workloads(index):
            selector = mapping(workload.body.get("spec")).get("selector")
            judged = workload.item.kind in _KINDS and isinstance(selector, dict)
            if judged and (_is_empty(selector) or not matches(selector, workload.labels)):
                at = in_object(context, workload.item, ("spec", "selector"))
                message = f"{workload.item}: its selector does not match the labels of its pods{_difference(workload)}"
                hint = (
                    "the API server refuses it; the selector of an object that exists cannot change, so mend the labels"
                )
                yield about_object(RULE, workload.item, at, message, hint=hint)


def _is_empty(selector: Any) -> bool:
    return not mapping(selector).get("matchLabels") and not mapping(selector).get("matchExpressions")


def _difference(workload: Workload) -> str:
    if _is_empty(mapping(workload.body.get("spec")).get("selector")):
        return ": it is empty"
    wanted = mapping(mapping(mapping(workload.body.get("spec")).get("selector")).get("matchLabels"))
    for key, value in wanted.items():
        if workload.labels.get(key) != value:
            return f": {key} is {value!r} there and {workload.labels.get(key, 'missing')!r} here"
    return ""
