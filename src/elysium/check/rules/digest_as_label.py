"""The tag of an image, with its digest, becomes the value of a label.

Many charts write `app.kubernetes.io/version` from the tag. A label has at most 63 characters out of letters, digits,
`-`, `_` and `.`: with `1.2.3@sha256:…` in the tag the API server refuses the object, and the release fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object, of_unit
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import Path, mapping, workload_of
from elysium.model import Finding, Position, RenderedObject, Severity, UnitId

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
    """One finding for each value of a unit that becomes such a label, however many objects have it."""
    found: dict[tuple[UnitId, str], Finding] = {}
    for index in context.objects.values():
        for unit in index.units:
            for item in unit.objects:
                for path, key, value in _invalid(index, item) if b"sha256" in item.raw else ():
                    first = found.get((unit.id, value))
                    if first is None:
                        found[unit.id, value] = _finding(context, item, (*path, key), value)
                    else:
                        found[unit.id, value] = msgspec.structs.replace(first, folded=first.folded + 1)
    yield from found.values()


def _finding(context: Context, item: RenderedObject, path: Path, value: str) -> Finding:
    message = f"{item}: the label {path[-1]} is {value[:40]}…, which no label may be: the API server refuses it"
    hint = "write the digest into a field of its own (image.digest), or set the label without it"
    return about_object(RULE, item, _place(context, item, path, value), message, hint=hint)


def _place(context: Context, item: RenderedObject, path: Path, value: str) -> Position:
    """The line of the label or, where a chart makes it, that of the value in the file of the release."""
    unit = context.units.get(item.origin.unit)
    if not (item.origin.chart or item.origin.template) or unit is None:
        return in_object(context, item, path)
    at = of_unit(unit)
    lines = context.text(at.file).splitlines() if at.file in context.files else []
    numbers = (number for number, line in enumerate(lines, 1) if value in line and number >= at.line)
    return Position(file=at.file, line=next(numbers, at.line))


def _invalid(index: ObjectIndex, item: RenderedObject) -> Iterator[tuple[Path, str, str]]:
    for path, labels in _labels(index, item):
        for key, value in labels.items():
            if isinstance(value, str) and _DIGEST.search(value) and not _VALID.fullmatch(value):
                yield path, key, value


def _labels(index: ObjectIndex, item: RenderedObject) -> Iterator[tuple[Path, dict[str, Any]]]:
    yield ("metadata", "labels"), mapping(mapping(index.body(item).get("metadata")).get("labels"))
    workload = workload_of(index, item)
    if workload:
        yield (*workload.path, "metadata", "labels"), workload.labels
