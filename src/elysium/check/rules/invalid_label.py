"""A label or selector with a key or value that the API server refuses.

Values have at most 63 characters out of letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit.
Versions with a `+`, URLs, e-mail addresses and sentences belong into annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.formats import label_key, label_value
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, workloads
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-label",
    severity=Severity.ERROR,
    summary="a label or selector that the API server refuses",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)

_DIGEST = ("sha256", "@")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each label. Digests of images have a rule of their own: digest-as-label."""
    for index in context.objects.values():
        for item, path, labels in _places(index):
            for key, value in labels.items():
                reason = _wrong(key, value)
                if reason:
                    at = in_object(context, item, (*path, key))
                    hint = "the API server refuses it: shorten it, or make it an annotation"
                    yield about_object(RULE, item, at, f"{item}: {reason}", hint=hint)


def _places(index: ObjectIndex) -> Iterator[tuple[RenderedObject, Path, dict[str, Any]]]:
    """Labels of objects in which the schema has seen something, of pod templates, and what selects by them."""
    for unit in index.units:
        for item in unit.objects:
            if any(problem.path.startswith("metadata.labels") for problem in item.problems):
                metadata = mapping(index.body(item).get("metadata"))
                yield item, ("metadata", "labels"), mapping(metadata.get("labels"))
    for workload in workloads(index):
        if workload.path:
            yield workload.item, (*workload.path, "metadata", "labels"), workload.labels
        yield workload.item, (*workload.spec_path, "nodeSelector"), mapping(workload.spec.get("nodeSelector"))
        selector = mapping(mapping(workload.body.get("spec")).get("selector"))
        yield workload.item, ("spec", "selector", "matchLabels"), mapping(selector.get("matchLabels"))
    for item in index.of_kind("", "Service"):
        yield item, ("spec", "selector"), mapping(mapping(index.body(item).get("spec")).get("selector"))
    for item in index.of_kind("policy", "PodDisruptionBudget"):
        selector = mapping(mapping(index.body(item).get("spec")).get("selector"))
        yield item, ("spec", "selector", "matchLabels"), mapping(selector.get("matchLabels"))


def _wrong(key: str, value: Any) -> str:
    wrong = label_key(key)
    if wrong:
        return f"the label {key!r} {wrong}"
    if not isinstance(value, str) or any(mark in value for mark in _DIGEST):
        return ""
    wrong = label_value(value)
    shown = value if len(value) <= 70 else f"{value[:60]}…"
    return f"the value {shown!r} of the label {key} {wrong}" if wrong else ""
