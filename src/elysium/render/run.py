"""One render of all clusters of a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.load import Cluster
from elysium.model import Assumption, Documents, Render, Unit
from elysium.render.blocking import mark_blocked
from elysium.render.cluster import ClusterRun
from elysium.render.custom import judge_custom_resources
from elysium.render.fixpoint import Fixpoint
from elysium.render.judges import Judges, custom_scopes
from elysium.render.locations import Locations
from elysium.render.memory import Memory
from elysium.render.namespaces import place_in_namespaces
from elysium.render.options import RenderOptions
from elysium.render.plaintexts import learn_inside
from elysium.render.schemas import SchemaFolders
from elysium.render.store import Store
from elysium.render.verdicts import Verdicts
from elysium.sealing import Redactor
from elysium.settings import Settings
from elysium.sources import Tree
from elysium.sources.library import Library
from elysium.sources.requests import Request

__all__ = ["RenderRun", "Surroundings", "render_clusters"]


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a render works with: the engines, the sources, the memory of former answers, and who hears of progress.

    `engine` identifies the engine's version in the memory; `schemas` are those of custom kinds that the settings name.
    """

    pool: EnginePool
    library: Library
    store: Store
    engine: str
    settings: Settings
    notice: Callable[[int, int], None]
    schemas: SchemaFolders = SchemaFolders()


class RenderRun(msgspec.Struct, frozen=True, kw_only=True):
    """A finished render with what a caller needs beside it: the known secret values, what could be fetched (by key of
    the request), and the clusters with all that is known of their units, for explanations.
    """

    render: Render
    redactor: Redactor
    needs: dict[str, Request]
    clusters: tuple[ClusterRun, ...]


def render_clusters(
    clusters: Sequence[Cluster],
    tree: Tree,
    documents: Documents,
    options: RenderOptions,
    around: Surroundings,
) -> RenderRun:
    """Render every cluster. What fails is a state of a unit; EngineError only when the engine itself is broken."""
    redactor = Redactor()
    runs = []
    for cluster in clusters:
        locations = Locations(around.pool, around.library, _root_source(cluster))
        chosen = options.for_cluster(around.settings, cluster.directory)
        runs.append(ClusterRun(cluster, locations, chosen, documents, redactor))
    memory = Memory(around.store, around.engine)
    Fixpoint(around.pool, memory, around.notice).run(runs)
    learn_inside(redactor, around.pool)
    memory.keep(redactor)
    verdicts = Verdicts(around.store, around.engine, redactor)
    units = [unit for run in runs for unit in _finished(run, around, verdicts)]
    render = Render(
        revision=tree.revision + ("+changes" if tree.dirty else ""),
        digest=tree.digest,
        flux=options.flux,
        kubernetes=options.kubernetes,
        clusters=tuple(cluster.directory for cluster in clusters),
        units=tuple(units),
        assumptions=_assumptions(runs, units),
        duplicates=tuple(item for run in runs for item in run.world.duplicates()),
    )
    return RenderRun(render=render, redactor=redactor, needs=_needs(runs), clusters=tuple(runs))


def _finished(run: ClusterRun, around: Surroundings, verdicts: Verdicts) -> list[Unit]:
    pool, schemas, units = around.pool, around.schemas, run.units()
    placed = place_in_namespaces(units, custom_scopes(units, run.world, schemas, pool))
    if run.options.validate:
        placed = judge_custom_resources(placed, Judges(run.world, schemas, run.options), pool, verdicts)
    additive = run.options.gates.get("AdditiveCELDependencyCheck", False)
    return mark_blocked(placed, run.tasks, pool, additive=additive)


def _root_source(cluster: Cluster) -> tuple[str, str, str]:
    metadata: dict[str, Any] = cluster.root.get("metadata") or {}
    reference: dict[str, Any] = (cluster.root.get("spec") or {}).get("sourceRef") or {}
    namespace = reference.get("namespace") or metadata.get("namespace") or ""
    return str(reference.get("kind") or ""), str(namespace), str(reference.get("name") or "")


def _needs(runs: Sequence[ClusterRun]) -> dict[str, Request]:
    return {key: request for run in runs for key, request in run.locations.needs.items()}


def _assumptions(runs: Sequence[ClusterRun], units: Sequence[Unit]) -> tuple[Assumption, ...]:
    found = {item for unit in units for item in unit.assumptions}
    for run in runs:
        if run.cluster.synthetic:
            message = f"nothing says how Flux was installed: {run.directory or 'the root'} is taken as its path"
            found.add(Assumption(code="root", message=message))
        reference = " ".join(_root_source(run.cluster))
        found.add(Assumption(code="own-tree", message=f"this tree stands for {reference}"))
        release = "an upgrade" if run.options.upgrade else "an installation"
        found.add(Assumption(code="release", message=f"releases are rendered as {release}, at a fixed time and seed"))
    return tuple(sorted(found))
