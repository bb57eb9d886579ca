"""What planning needs to know of a repository: what scaffolding would change in it, and which charts are known here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.api.plan_trials import try_changes
from elysium.api.scaffolding import Request, Scaffold, Scaffolder, library_of
from elysium.api.selecting import today
from elysium.api.workspace import Workspace
from elysium.errors import ElysiumError
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.kit import digests
from elysium.model import RenderedObject
from elysium.plans.deploying import (
    Application,
    Effect,
    KnownCharts,
    choose,
    draft,
    planned_component,
    versions_in_index,
    with_facts,
)
from elysium.plans.types import PlannedComponent, Reliance
from elysium.scaffold import Action, answer
from elysium.sealing.key_pairs import new_sealing_key
from elysium.sources import records, revision
from elysium.sources.git import GitError
from elysium.sources.requests import HelmIndexRequest

__all__ = ["base_commit", "draft_deployment", "effect_of", "known_charts", "relies_of"]

_CHART = "Chart.yaml"
_SOURCES = "source.toolkit.fluxcd.io"


def draft_deployment(workspace: Workspace, application: Application) -> str:
    """The deploy-app plan of an application. Raises PlanError or ScaffoldError; nothing is written."""
    facts = Scaffolder.of(workspace).facts
    meant = with_facts(application, facts)
    method = choose(meant, known_charts(workspace, meant.chart or meant.preset or meant.name))
    effect = effect_of(workspace, planned_component(meant, method.key, method.answers))
    return draft(meant, facts, effect, method, today().isoformat())


def effect_of(workspace: Workspace, component: PlannedComponent) -> Effect:
    """What a component would change. Raises ScaffoldError for answers that are none; nothing is written."""
    scaffolder = Scaffolder.of(workspace)
    facts = scaffolder.facts
    if not facts.certificate:  # planning needs no secret that anybody could open
        scaffolder = Scaffolder.of(workspace, certificate=new_sealing_key()[1])
    request = Request(kind=component.kind, name=component.name, preset=component.preset, answers=component.answers)
    described = library_of(workspace).find(request.kind, request.name, request.preset)
    values = answer(described, request.name, request.answers, facts).values
    scaffolder.add(request, needs=True)
    result = scaffolder.result
    trial = try_changes(workspace, result.changes)
    return Effect(
        component=component,
        values={key: value for key, value in values.items() if key != "repository"},
        changes=result.changes,
        base=trial.before,
        head=trial.after,
        findings=trial.findings,
        cluster=workspace.clusters[0].directory,
        version=described.version,
        commit=base_commit(workspace),
        relies=relies_of(workspace, result),
        placeholders=tuple(f"{item.namespace}/{item.name}/{item.key}" for item in result.placeholders),
        notes=result.notes,
    )


def base_commit(workspace: Workspace) -> str:
    """The full hash of the commit that the working tree stands on; empty outside of git."""
    try:
        return revision.resolve(workspace.directory, "HEAD")[0]
    except (GitError, ElysiumError):
        return ""


def known_charts(workspace: Workspace, name: str) -> tuple[KnownCharts, ...]:
    """The chart repositories that are known here, with the versions of the chart of that name where they say so."""
    index = ObjectIndex(workspace.render().units)
    found = [
        *_mapped(workspace, name),
        *_used(index, name),
        *_artifacts(index, name),
        *_declared(workspace, index, name),
    ]
    first: dict[str, KnownCharts] = {}
    for item in found:
        known = first.get(item.repository.rstrip("/"))
        if known is None or (item.versions and not known.versions):
            first[item.repository.rstrip("/")] = item
    return tuple(first.values())


def relies_of(workspace: Workspace, result: Scaffold) -> tuple[Reliance, ...]:
    """The files that it changes or that say how the cluster is put together, as they are now."""
    changed = {change.path for change in result.changes if change.action is Action.CHANGE and change.before is not None}
    folders = [cluster.directory for cluster in workspace.clusters[:1]]  # a plan may begin before there is a cluster
    names = changed | {
        path for folder in folders for path in workspace.tree.below(folder) if path.count("/") == folder.count("/") + 1
    }
    return tuple(
        Reliance(path=path, digest=f"sha256:{digests.of_bytes((workspace.root / path).read_bytes())}")
        for path in sorted(names)
        if (workspace.root / path).is_file() and not path.startswith(".elysium/")
    )


def _mapped(workspace: Workspace, name: str) -> Iterator[KnownCharts]:
    for item in workspace.mappings:
        if item.form == "chart-repo":
            charts = sorted(Path(item.path).glob(f"*/{_CHART}")) + sorted(Path(item.path).glob(_CHART))
            versions = tuple(filter(None, (_version(workspace, chart, name) for chart in charts)))
            yield KnownCharts(
                repository=item.target, origin="a mapped directory", name=name, versions=versions, listed=True
            )


def _version(workspace: Workspace, chart: Path, name: str) -> str:
    answered = workspace.pool.ask("yaml.decode", {"text": chart.read_text(encoding="utf-8")})
    documents = msgspec.json.decode(answered.result)["documents"] if answered.error is None else []
    body = mapping(documents[0]) if documents else {}
    return str(body.get("version", "")) if body.get("name") == name else ""


def _used(index: ObjectIndex, name: str) -> Iterator[KnownCharts]:
    """The chart of that name where a release of the cluster has it already."""
    urls = {(item.namespace, item.name): _url(index, item) for item in index.of_kind(_SOURCES, "HelmRepository")}
    for item in index.of_kind("helm.toolkit.fluxcd.io", "HelmRelease"):
        chart = mapping(mapping(mapping(index.body(item).get("spec")).get("chart")).get("spec"))
        source = mapping(chart.get("sourceRef"))
        url = urls.get((str(source.get("namespace") or item.namespace), str(source.get("name"))), "")
        if url and chart.get("chart") == name and chart.get("version"):
            yield KnownCharts(repository=url, origin=str(item), name=name, versions=(str(chart["version"]),))


def _artifacts(index: ObjectIndex, name: str) -> Iterator[KnownCharts]:
    """Charts that the cluster has as artifacts: the last part of the address is the name, the tag the version."""
    for item in index.of_kind(_SOURCES, "OCIRepository"):
        repository, _, chart = _url(index, item).rpartition("/")
        tag = str(mapping(mapping(index.body(item).get("spec")).get("ref")).get("tag") or "")
        if repository and chart == name and tag:
            yield KnownCharts(repository=repository, origin=str(item), name=name, versions=(tag,), listed=True)


def _url(index: ObjectIndex, item: RenderedObject) -> str:
    return str(mapping(index.body(item).get("spec")).get("url") or "")


def _declared(workspace: Workspace, index: ObjectIndex, name: str) -> Iterator[KnownCharts]:
    """Helm repositories that the cluster has, with what an index says that was fetched before."""
    for item in index.of_kind(_SOURCES, "HelmRepository"):
        url = _url(index, item)
        if url:
            record = records.read(workspace.cache, HelmIndexRequest(url=url))
            file = workspace.cache.directory / "indexes" / record.file if record and record.file else None
            versions = _indexed(file, name) if file else ()
            yield KnownCharts(repository=url, origin=str(item), name=name, versions=versions, listed=file is not None)


def _indexed(file: Path, name: str) -> tuple[str, ...]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            return versions_in_index(lines, name)
    except OSError:
        return ()
