"""Explain one object, or the values of one release."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.api.redacting import scrubbed
from elysium.engine import EnginePool
from elysium.errors import UsageError
from elysium.model import Explanation, FieldOrigin, FieldSource, RenderedObject, UnitId, UnitKind
from elysium.render import RenderRun
from elysium.render.cluster import ClusterRun
from elysium.render.influence import composed_values, fields_of_template
from elysium.render.leaves import dotted, short
from elysium.render.progress import Task
from elysium.render.provenance import Provenance
from elysium.sealing import Redactor

__all__ = ["explain"]

_UNITS = {kind.short: kind.value for kind in UnitKind}


def explain(subject: str, run: RenderRun, pool: EnginePool) -> Explanation:
    """Explain `Kind/namespace/name`, `Kind/name` or a unit (`hr/namespace/name`). Raises UsageError when nothing is
    called so.
    """
    cluster, item = _find(subject, run)
    task = cluster.tasks[item.origin.unit]
    found = (
        _release_object(item, task, pool)
        if task.id.kind is UnitKind.HELM_RELEASE
        else _built(item, task, cluster, pool)
    )
    explanation = Explanation(
        subject=subject,
        object=item.id,
        unit=item.origin.unit,
        chain=_chain(task, cluster),
        file=item.origin.file,
        line=item.origin.line,
        chart=item.origin.chart or _chart(task),
        template=item.origin.template,
        transformations=found[0],
        fields=found[1],
        values=_values(item, cluster, pool),
    )
    return _redacted(explanation, item, run.redactor)


def _find(subject: str, run: RenderRun) -> tuple[ClusterRun, RenderedObject]:
    parts = subject.split("/")
    kind = _UNITS.get(parts[0], parts[0])
    found = [
        (cluster, item)
        for cluster in run.clusters
        for task in cluster.tasks.values()
        for item in (task.unit.objects if task.unit else ())
        if item.kind.lower() == kind.lower() and _matches(parts[1:], item)
    ]
    if not found:
        hint = "`elysium render -o name` lists every object; a unit that failed makes none"
        raise UsageError(f"no rendered object is called {subject}", hint=hint)
    if len({item.id for _, item in found}) > 1:
        names = run.redactor.text(", ".join(sorted({str(item.id) for _, item in found})[:5]))
        raise UsageError(f"{subject} means several objects: {names}", hint="name the namespace: Kind/namespace/name")
    return found[0]


def _matches(parts: list[str], item: RenderedObject) -> bool:
    return parts in ([item.name], [item.namespace, item.name])


def _chain(task: Task, cluster: ClusterRun) -> tuple[UnitId, ...]:
    chain = [task.id]
    parent = task.parent
    while parent is not None and parent not in chain:
        chain.append(parent)
        parent = cluster.tasks[parent].parent if parent in cluster.tasks else None
    return tuple(reversed(chain))


def _chart(task: Task) -> str:
    return task.unit.chart if task.unit else ""


def _built(
    item: RenderedObject, task: Task, cluster: ClusterRun, pool: EnginePool
) -> tuple[tuple[str, ...], tuple[FieldOrigin, ...]]:
    if task.request is None or task.id.kind is not UnitKind.KUSTOMIZATION:
        return (), ()
    provenance = Provenance(task, task.request, cluster.world, pool)
    return provenance.transformations(item), provenance.fields(item)


def _release_object(
    item: RenderedObject, task: Task, pool: EnginePool
) -> tuple[tuple[str, ...], tuple[FieldOrigin, ...]]:
    if task.request is None:
        return (), ()
    values, _ = composed_values(task.request, pool)
    return (), fields_of_template(item, task.request, task.id, values, pool)


def _values(item: RenderedObject, cluster: ClusterRun, pool: EnginePool) -> tuple[FieldOrigin, ...]:
    """The composed values, when the object is a HelmRelease that was rendered."""
    if item.kind != UnitKind.HELM_RELEASE.value:
        return ()
    task = cluster.tasks.get(UnitId(item.origin.unit.cluster, UnitKind.HELM_RELEASE, item.namespace, item.name))
    if task is None or task.request is None:
        return ()
    _, origins = composed_values(task.request, pool)
    maker = cluster.tasks[item.origin.unit]
    written = {origin.path: origin for origin in _built(item, maker, cluster, pool)[1]}
    return tuple(_value(entry, task, written) for entry in origins)


def _value(entry: dict[str, Any], task: Task, written: dict[str, FieldOrigin]) -> FieldOrigin:
    address = tuple(f"[{part}]" if isinstance(part, int) else str(part) for part in entry["path"])
    source = str(entry["source"])
    made = FieldOrigin(
        path=dotted(address), value=short(entry.get("value")), source=FieldSource.CHART, detail=_chart(task)
    )
    if source == "values":
        origin = _inline(address, written)
        if origin is not None:
            return msgspec.structs.replace(origin, path=made.path, value=made.value)
        return msgspec.structs.replace(made, source=FieldSource.VALUE, detail="spec.values")
    if source.startswith("valuesFrom"):
        return msgspec.structs.replace(made, source=FieldSource.VALUES_FROM, detail=_reference(source, task))
    return msgspec.structs.replace(made, detail=f"{_chart(task)} {source if source != 'chart' else ''}".strip())


def _inline(address: tuple[str, ...], written: dict[str, FieldOrigin]) -> FieldOrigin | None:
    """The origin of an inline value in the HelmRelease's own object (items of lists are found by their parent)."""
    for length in range(len(address), 0, -1):
        path = "spec.values." + dotted(address[:length])
        if path in written:
            return written[path]
        if any(known.startswith(path + "[") for known in written):
            return next(origin for known, origin in written.items() if known.startswith(path + "["))
    return None


def _reference(source: str, task: Task) -> str:
    number = int(source.removeprefix("valuesFrom[").rstrip("]") or 0) if "[" in source else 0
    references = [item for item in task.spec.get("valuesFrom") or () if isinstance(item, dict)]
    if number >= len(references):
        return source
    reference = references[number]
    key = reference.get("valuesKey") or "values.yaml"
    return f"{reference.get('kind')}/{task.id.namespace}/{reference.get('name')} key {key}"


def _redacted(explanation: Explanation, item: RenderedObject, redactor: Redactor) -> Explanation:
    secret = item.kind == "Secret" and item.api_version == "v1"

    def clean(origin: FieldOrigin) -> FieldOrigin:
        hidden = secret and origin.path.startswith(("data.", "stringData."))
        return msgspec.structs.replace(origin, value="(secret)") if hidden else origin

    fields = tuple(clean(origin) for origin in explanation.fields)
    return scrubbed(msgspec.structs.replace(explanation, fields=fields), redactor)
