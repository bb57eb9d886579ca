"""From a HelmRelease to a request for the engine, and from the answer to a unit."""

from __future__ import annotations

import posixpath
from typing import Any

import msgspec

from elysium.model import Assumption, Failure, ObjectId, Unit, UnitState, UnreadValue
from elysium.render.answers import ChartResult, rendered_objects
from elysium.render.inputs import Gathered, Missing, gather_values
from elysium.render.kustomizations import dependencies
from elysium.render.location import ChartLocation
from elysium.render.locations import SOURCE_GROUP, Locations
from elysium.render.namespaces import released
from elysium.render.options import PINNED_TIME, RenderOptions
from elysium.render.progress import Task, Unready
from elysium.render.request import Request
from elysium.render.world import World
from elysium.resolve import HelmReleaseSpec, flux_object, release_name
from elysium.resolve.specifications import ChartSpec

__all__ = ["complete", "prepare", "specification"]


def specification(body: dict[str, Any]) -> HelmReleaseSpec:
    """The spec as a type. Raises Unready when the API server would refuse it."""
    try:
        spec = flux_object(body.get("spec"), HelmReleaseSpec)
    except msgspec.ValidationError as error:
        message = f"the specification is not valid: {str(error).replace('`$', '`spec')}"
        raise Unready(failure=Failure(code="specification", message=message)) from error
    if (spec.chart is None) == (spec.chart_ref is None):
        raise Unready(
            failure=Failure(code="specification", message="exactly one of spec.chart and spec.chartRef must be set")
        )
    return spec


def prepare(task: Task, world: World, locations: Locations, options: RenderOptions) -> Request:
    """What to ask the engine. Raises Unready when something is missing."""
    spec = specification(task.body)
    chart, chart_spec, version = _chart(task, world, locations, spec, options)
    gathered = _values(task, world, spec, options)
    action = spec.upgrade if options.upgrade else spec.install
    params: dict[str, Any] = {
        "chart": chart.chart,
        "dependencies": [supply.value for supply in task.supplied.values()],
        **version,
        **_values_files(chart, chart_spec),
        "values_from": list(gathered.values),
        "values": spec.values or {},
        "release": {
            "name": release_name(task.id.name, spec.release_name, spec.target_namespace),
            "namespace": spec.target_namespace or task.id.namespace,
            "upgrade": options.upgrade,
            "revision": 2 if options.upgrade else 1,
        },
        "kubernetes": options.patch,
        "apis": list(task.apis),
        "disable_schema_validation": action.disable_schema_validation,
        "disable_hooks": action.disable_hooks,
        "enable_tests": spec.test.enable,
        "crds": action.crds or "Create",
        "post_renderers": list(spec.post_renderers),
        "post_render_strategy": _strategy(spec, options),
        "common_metadata": spec.common_metadata,
        "origin": {"name": task.id.name, "namespace": task.id.namespace},
        "seed": str(task.id),
        "time": PINNED_TIME,
        "validate": options.validate,
    }
    return Request(
        method="chart.render",
        params=params,
        location=chart.location,
        sensitive=gathered.sensitive,
        content="\0".join([*_content(chart, chart_spec), *task.supplied_content]),
        open_ended=tuple(item.id for item in gathered.unknown),
        assumptions=_assumptions(task, chart, gathered),
        chart_path=chart.path,
    )


def _strategy(spec: HelmReleaseSpec, options: RenderOptions) -> str:
    """Flux 2.8 leaves hooks alone; from 2.9 they go through the post renderers, unless a gate or the release says
    else.
    """
    if options.flux == "2.8" or (not spec.post_render_strategy and options.gates.get("UseHelm3Defaults")):
        return "nohooks"
    return spec.post_render_strategy or "combined"


def _values_files(chart: ChartLocation, spec: ChartSpec | None) -> dict[str, Any]:
    if spec is None or not spec.values_files:
        return {"values_files": None}
    from_source = spec.source_ref.kind in ("GitRepository", "Bucket")
    return {
        "values_files": list(spec.values_files),
        "values_files_tree": {"tree": chart.location.tree, "path": "."} if from_source else None,
        "ignore_missing_values_files": spec.ignore_missing_values_files,
    }


def _content(chart: ChartLocation, spec: ChartSpec | None) -> list[str]:
    """Digests of the chart and of the values files beside it."""
    files = chart.location.files.files
    names = [posixpath.normpath("/" + name).lstrip("/") for name in (spec.values_files if spec else ())]
    return [chart.digest, *(files.get(name, "") for name in names)]


def _values(task: Task, world: World, spec: HelmReleaseSpec, options: RenderOptions) -> Gathered:
    references = spec.values_from
    if options.flux == "2.8":  # which does not know the field yet
        references = tuple(msgspec.structs.replace(reference, literal=False) for reference in references)
    gathered = gather_values(world, task.id, references)
    waits = tuple(item for item in gathered.missing if not item.optional or item.id not in task.without)
    if waits:
        raise Unready(missing=waits)
    return gathered


def _assumptions(task: Task, chart: ChartLocation, gathered: Gathered) -> tuple[Assumption, ...]:
    found = list(chart.location.assumptions)
    for item in gathered.unknown:
        message = f"the values in key {item.key} of {item.id} are known to the cluster only: rendered without them"
        found.append(Assumption(code="secret-values", message=message, unit=str(task.id)))
    return tuple(found)


def _chart(
    task: Task, world: World, locations: Locations, spec: HelmReleaseSpec, options: RenderOptions
) -> tuple[ChartLocation, ChartSpec | None, dict[str, Any]]:
    """The chart, its template if there is one, and what marks its version."""
    if spec.chart_ref is None:
        assert spec.chart is not None
        return _from_template(task, world, locations, spec.chart.spec, task.id.namespace)
    reference = spec.chart_ref
    namespace = reference.namespace or task.id.namespace
    if reference.kind == "HelmChart":
        identity = ObjectId(SOURCE_GROUP, "HelmChart", namespace, reference.name)
        return _from_template(task, world, locations, _helm_chart(task, world, identity), namespace)
    location = locations.of_source(task, world, reference.kind, namespace, reference.name)
    untracked = bool(options.gates.get("DisableChartDigestTracking"))
    if location.revision.startswith("mapped@"):  # a chart's sources, which lack what packaging adds
        return locations.whole_chart(location), None, {"metadata": "" if untracked else location.digest[:12]}
    revision = location.revision if ":" in location.revision else f"sha256:{location.digest}"
    return locations.whole_chart(location), None, {"revision": revision, "untracked": untracked}


def _helm_chart(task: Task, world: World, identity: ObjectId) -> ChartSpec:
    item = world.find(identity, task.id)
    if item is None:
        raise Unready(missing=(Missing(id=identity, optional=False),))
    try:
        return flux_object(item.body().get("spec"), ChartSpec)
    except msgspec.ValidationError as error:
        raise Unready(failure=Failure(code="specification", message=f"{identity} is not valid: {error}")) from error


def _from_template(
    task: Task, world: World, locations: Locations, spec: ChartSpec, namespace: str
) -> tuple[ChartLocation, ChartSpec, dict[str, Any]]:
    reference = spec.source_ref
    source_namespace = reference.namespace or namespace
    if reference.kind == "HelmRepository":
        return _from_repository(task, world, locations, spec, source_namespace), spec, {"metadata": _generation(spec)}
    location = locations.of_source(task, world, reference.kind, source_namespace, reference.name)
    marks = [_generation(spec)]
    if spec.reconcile_strategy == "Revision":
        marks.insert(0, location.revision.rpartition(":")[2][:12] or location.digest[:12])
    return locations.chart_in(location, spec.chart), spec, {"metadata": ".".join(filter(None, marks))}


def _generation(spec: ChartSpec) -> str:
    """source-controller marks a chart with valuesFiles by the generation of its HelmChart: taken as the first one
    here.
    """
    listed = [posixpath.normpath(name) for name in spec.values_files]
    return "1" if listed and listed != ["values.yaml"] else ""


def _from_repository(task: Task, world: World, locations: Locations, spec: ChartSpec, namespace: str) -> ChartLocation:
    identity = ObjectId(SOURCE_GROUP, "HelmRepository", namespace, spec.source_ref.name)
    item = world.find(identity, task.id)
    if item is None:
        raise Unready(missing=(Missing(id=identity, optional=False),))
    return locations.chart_of_repository(item, spec.chart, spec.version)


def complete(task: Task, request: Request, result: ChartResult) -> Unit:
    """The unit that a successful rendering makes."""
    spec = specification(task.body)
    label = f"chart:{result.chart.name}-{result.chart.version}"
    namespace = spec.target_namespace or task.id.namespace
    built = rendered_objects(result.objects, task.id, "" if request.chart_path else label, request.chart_path)
    assumptions = list(request.assumptions)
    if result.uses.lookup:
        message = "the chart looks objects up in the cluster: rendered as if it found none"
        assumptions.append(Assumption(code="lookup", message=message, unit=str(task.id)))
    return Unit(
        id=task.id,
        state=UnitState.SUSPENDED if spec.suspend else UnitState.RENDERED,
        objects=tuple(released(item, namespace) for item in built),
        parent=task.parent,
        defined_by=task.origin,
        depends_on=dependencies(task.id, spec.depends_on),
        assumptions=tuple(assumptions),
        unread_values=tuple(
            UnreadValue(path=path, siblings=siblings)
            for path, siblings in zip(result.unread_values or (), result.unread_siblings or (), strict=False)
        ),
        chart=f"{result.chart.name}-{result.chart.version}",
        release_namespace=namespace,
        path=request.chart_path,
        sensitive=request.sensitive,
    )
