"""The tag of an image, with its digest, becomes the value of a label.

Many charts write `app.kubernetes.io/version` from the tag. A label has at most 63 characters out of letters, digits,
`-`, `_` and `.`: with `1.2.3@sha256:…` in the tag the API server refuses the object, and the release fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping, workload_of
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="digest-as-label",
    severity=Severity.ERROR,
    summary="a label has the tag of an image with its digest for a value",
    topic=Topic.IMAGES,
    profiles=("default", "pre-commit"),
    supersedes=("schema",),
)

_VALID = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?")
_DIGEST = re.compile(r"sha256|@")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each object with such a label."""
    for index in context.objects.values():
        for unit in index.units:
            for item in unit.objects:
                if b"sha256" in item.raw:
                    found = _finding(context, index, item)
                    if found:
                        yield found


def _finding(context: Context, index: ObjectIndex, item: RenderedObject) -> Finding | None:
    for path, labels in _labels(index, item):
        for key, value in labels.items():
            if isinstance(value, str) and _DIGEST.search(value) and not _VALID.fullmatch(value):
                message = f"{item}: the label {key} is {value[:40]}…, which no label may be: the API server refuses it"
                at = in_object(context, item, (*path, key))
                hint = "write the digest into a field of its own (image.digest), or set the label without it"
                return about_object(RULE, item, at, message, hint=hint)
    return None


def _labels(index: ObjectIndex, item: RenderedObject) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    yield ("metadata", "labels"), mapping(mapping(index.body(item).get("metadata")).get("labels"))
    workload = workload_of(index, item)
    if workload:
        yield (*workload.path, "metadata", "labels"), workload.labels
