"""The same object built by two units.

Both apply it, one after the other: it changes back and forth, and the one that is removed first takes it away from
the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import of_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, ObjectId, RenderedObject, Severity, UnitId, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-object",
    severity=Severity.ERROR,
    summary="the same object built by two units",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
)

_SOURCES = "source.toolkit.fluxcd.io"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each pair of units, at the second one's object; further objects of the pair are counted.

    Equal sources are counted once for a cluster: who gives each application its own means it.
    """
    found: dict[tuple[str, ...], Finding] = {}
    for identity, units in context.render.duplicates:
        items = _items(context, identity, units)
        if len(items) < 2:
            continue
        first, second = items[:2]
        index = context.objects[first.origin.unit.cluster]
        same = _comparable(index.body(first)) == _comparable(index.body(second))
        severity = Severity.WARNING if same else Severity.ERROR
        pair = (str(first.origin.unit), str(second.origin.unit), severity.value)
        key = (units[0].cluster, *(() if same and identity.group == _SOURCES else pair))
        found[key] = _counted(found[key]) if key in found else _finding(context, first, second, severity)
    yield from found.values()


def _items(context: Context, identity: ObjectId, units: tuple[UnitId, ...]) -> list[RenderedObject]:
    """The object as each unit makes it; hooks come and go, and CRDs are shared on purpose by charts."""
    index = context.objects[units[0].cluster]
    found: dict[UnitId, RenderedObject] = {}
    for item in index.by_id.get(identity, []):
        unit = context.units[item.origin.unit]
        if unit.state is UnitState.RENDERED and item.hook is None and not item.crd:
            found.setdefault(item.origin.unit, item)
    return list(found.values())


def _comparable(body: dict[str, Any]) -> dict[str, Any]:
    """What counts of an object: labels and annotations of the owners differ always, those of teams do no harm.

    An empty `spec: {}`, as tools write it, says nothing.
    """
    metadata = body.get("metadata") or {}
    said = {key: value for key, value in body.items() if value not in ({}, [], None)}
    return {**said, "metadata": {key: metadata[key] for key in metadata if key not in ("labels", "annotations")}}


def _finding(context: Context, first: RenderedObject, second: RenderedObject, severity: Severity) -> Finding:
    other = of_object(context, first)
    place = f" ({other})" if other.file and other != of_object(context, second) else ""
    message = f"{second} is also built by {first.origin.unit}{place}"
    if severity is Severity.WARNING:
        message += ", with the same content"
    hint = "keep it in one of them" if first.origin.unit != second.origin.unit else "keep it once"
    return about_object(RULE, second, of_object(context, second), message, hint=hint, severity=severity)


def _counted(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, folded=finding.folded + 1)
