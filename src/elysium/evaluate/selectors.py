"""Label selectors, as the API machinery reads them (k8s.io/apimachinery: LabelSelectorAsSelector, labels.Requirement).

A selector that is absent selects nothing, an empty one everything. Where a field gives an absent selector another
meaning (the `namespaceSelector` of a NetworkPolicy peer), the caller decides before it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from elysium.evaluate.workloads import mapping, sequence

__all__ = ["contains", "decide", "matches"]


def matches(selector: Any, labels: Mapping[str, Any]) -> bool:
    """Whether a LabelSelector (`matchLabels` and `matchExpressions`, all of which must hold) selects these labels.

    A selector that the API server would refuse selects nothing.
    """
    if not isinstance(selector, dict):
        return False
    if not contains(labels, mapping(selector.get("matchLabels"))):
        return False
    return all(_holds(mapping(entry), labels) for entry in sequence(selector.get("matchExpressions")))


def decide(selector: Any, labels: Mapping[str, Any], known: Callable[[str], bool]) -> bool | None:
    """As `matches`, but None where the answer depends on a label of which only the cluster knows.

    `known` tells for a key that is not among `labels` whether it is certainly absent.
    """
    if not isinstance(selector, dict):
        return False
    open_ended = False
    for key, value in mapping(selector.get("matchLabels")).items():
        if key not in labels and not known(key):
            open_ended = True
        elif labels.get(key) != value or key not in labels:
            return False
    for entry in sequence(selector.get("matchExpressions")):
        expression = mapping(entry)
        key = str(expression.get("key") or "")
        if key not in labels and not known(key):
            open_ended = True
        elif not _holds(expression, labels):
            return False
    return None if open_ended else True


def contains(labels: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether labels have all of these keys with these values: what a Service's `selector` asks for."""
    return all(key in labels and labels[key] == value for key, value in wanted.items())


def _holds(expression: dict[str, Any], labels: Mapping[str, Any]) -> bool:
    key = str(expression.get("key") or "")
    values = sequence(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False
