"""A source that nothing defines.

`sourceRef` and `chartRef` name a GitRepository, OCIRepository, Bucket, HelmRepository or HelmChart. Flux waits for it
without end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, ObjectId, RenderedObject, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dangling-source",
    severity=Severity.ERROR,
    summary="sourceRef or chartRef names a source that nothing defines",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
    explains=("source", "reference"),
)

_GROUP = "source.toolkit.fluxcd.io"
_FIELDS = {
    UnitKind.KUSTOMIZATION: (("spec", "sourceRef"),),
    UnitKind.HELM_RELEASE: (("spec", "chartRef"), ("spec", "chart", "spec", "sourceRef")),
    UnitKind.RESOURCE_SET: (),
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each unit that has no result and whose source is nowhere."""
    for unit in context.render.units:
        holder = context.objects[unit.id.cluster].definition(unit.id)
        if holder is None or unit.state is UnitState.RENDERED:
            continue
        body = context.objects[unit.id.cluster].body(holder)
        for path in _FIELDS[unit.id.kind]:
            source = _source(body, path, unit)
            if source is not None and not _exists(context, unit, source):
                yield _finding(context, unit, holder, path, source)


def _source(body: dict[str, Any], path: tuple[str, ...], unit: Unit) -> ObjectId | None:
    value: Any = body
    for field in path:
        value = value.get(field) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not value.get("kind") or not value.get("name"):
        return None
    namespace = str(value.get("namespace") or unit.id.namespace)
    return ObjectId(_GROUP, str(value["kind"]), namespace, str(value["name"]))


def _exists(context: Context, unit: Unit, source: ObjectId) -> bool:
    index = context.objects[unit.id.cluster]
    if source in index.by_id or makers.may_be_made(context, unit, source.kind, source.namespace, source.name):
        return True
    if source.kind == "ExternalArtifact":  # never in Git: some controller makes it
        return True
    return any(
        root.parent is None and index.definition(root.id) is None and source.name in (root.id.name, root.id.namespace)
        for root in index.units
    )


def _finding(context: Context, unit: Unit, holder: RenderedObject, path: tuple[str, ...], source: ObjectId) -> Finding:
    index = context.objects[unit.id.cluster]
    names = {
        known.name if known.namespace == source.namespace else f"{known.name} in namespace {known.namespace}"
        for known in index.by_id
        if known.group == _GROUP and known.kind == source.kind
    }
    elsewhere = [name for name in sorted(names) if name.startswith(f"{source.name} in namespace")]
    near = elsewhere[0] if elsewhere else nearest(source.name, names)
    at = in_object(context, holder, (*path, "name"))
    files = makers.declaring_files(context, source.kind, source.name)
    hint = f"add a {source.kind} {source.name} in namespace {source.namespace}"
    if near or files:
        hint = f"did you mean {near}?" if near else f"it stands in {files[0]}, which nothing includes"
    return about_unit(RULE, context, unit, at, f"{path[-1]} names {source}, which nothing defines", hint=hint)
