"""One cluster in a render: its world, its tasks, and the family ties between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from elysium.load import Cluster
from elysium.model import Documents, Failure, Origin, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.render import kustomizations, releases
from elysium.render.locations import Locations
from elysium.render.options import RenderOptions
from elysium.render.progress import Task, Unready
from elysium.render.world import World
from elysium.sealing import Redactor

__all__ = ["ClusterRun"]

_NEVER_APPLIED = {
    "kustomize.toolkit.fluxcd.io/reconcile": "disabled",
    "kustomize.toolkit.fluxcd.io/ssa": "ignore",
}


class ClusterRun:
    """What belongs to one cluster while the loop runs. `documents` tell what a failed unit might have made."""

    def __init__(
        self, cluster: Cluster, locations: Locations, options: RenderOptions, documents: Documents, redactor: Redactor
    ) -> None:
        self.cluster = cluster
        self.directory = cluster.directory
        self.locations = locations
        self.options = options
        self.documents = documents
        self.redactor = redactor
        self.world = World(options.external)
        self.tasks: dict[UnitId, Task] = {}
        self.children: dict[UnitId, dict[UnitId, RenderedObject]] = {}
        self.apis: tuple[str, ...] = ()

    def start(self) -> Iterator[Task]:
        """The root and its sources."""
        body = self.cluster.root
        metadata = body.get("metadata") or {}
        identity = UnitId(
            self.directory,
            UnitKind.KUSTOMIZATION,
            str(metadata.get("namespace") or ""),
            str(metadata.get("name") or ""),
        )
        place = self.cluster.defined_at
        origin = Origin(unit=identity, file=place.file, line=place.line) if place else None
        self.world.replace(None, [_source(source, identity) for source in self.cluster.sources])
        self.tasks[identity] = Task(identity, body, origin, None)
        yield self.tasks[identity]

    def learn(self, objects: Iterable[RenderedObject]) -> bool:
        """Remember the plaintexts of Secrets, so that they are never shown; whether there were any.

        Not for a release without a secret among its values: what a chart makes of public input is public.
        """
        found = False
        for item in objects:
            if item.kind == "Secret" and item.api_version == "v1":
                found = self.redactor.learn_secret(item.body()) or found
        return found

    def adopt(self, parent: Task, found: Iterable[tuple[UnitId, RenderedObject]]) -> Iterator[Task]:
        """New or changed children of a unit; children that it no longer makes are dropped with all that they made."""
        before = self.children.get(parent.id, {})
        after = {identity: item for identity, item in found if not _never_applied(item)}
        itself = after.pop(parent.id, None)
        self.children[parent.id] = after
        if itself is not None and parent.parent is None and (body := itself.body()) != parent.body:
            parent.define(body, itself.origin, None)
            yield parent
        for identity, item in after.items():
            known = before.get(identity)
            if (known is None or known.raw != item.raw) and (
                task := self._child(identity, item, parent.id)
            ) is not None:
                yield task
        for identity in sorted(before.keys() - after.keys()):
            yield from self._drop(identity, parent.id)

    def _child(self, identity: UnitId, item: RenderedObject, parent: UnitId) -> Task | None:
        """The task of a child, unless it stays with another parent: of several, the first by name has it."""
        known = self.tasks.get(identity)
        if known is None:
            known = self.tasks[identity] = Task(identity, item.body(), item.origin, parent)
            return known
        if known.parent != parent and (
            known.parent is None or known.parent < parent or self._made_by(parent, identity)
        ):
            return None
        known.define(item.body(), item.origin, parent)
        return known

    def _made_by(self, unit: UnitId, ancestor: UnitId) -> bool:
        """Whether a unit exists only because of another one."""
        current: UnitId | None = unit
        while current is not None and current != ancestor:
            current = self.tasks[current].parent if current in self.tasks else None
        return current is not None

    def _drop(self, identity: UnitId, parent: UnitId) -> Iterator[Task]:
        """A unit that its parent does not make any more: it goes to another one that does, or is gone."""
        task = self.tasks.get(identity)
        if task is None or task.parent != parent:
            return
        others = [unit for unit, made in self.children.items() if identity in made and unit in self.tasks]
        heir = min((unit for unit in others if not self._made_by(unit, identity)), default=None)
        if heir is not None:
            item = self.children[heir][identity]
            task.define(item.body(), item.origin, heir)
            yield task
            return
        del self.tasks[identity]
        for seeker in self.world.replace(identity, ()):
            if seeker in self.tasks:
                yield self.tasks[seeker]
        for child in sorted(self.children.pop(identity, {})):
            yield from self._drop(child, identity)

    def failed(self, task: Task, failure: Failure, state: UnitState) -> Unit:
        """The unit of a task that makes nothing. A suspended one stays suspended: it does not even try."""
        suspended = task.spec.get("suspend") is True
        return Unit(
            id=task.id,
            state=UnitState.SUSPENDED if suspended else state,
            failure=failure,
            parent=task.parent,
            defined_by=task.origin,
            depends_on=_dependencies(task),
            path=_path(task),
        )

    def units(self) -> list[Unit]:
        """Every unit, parents before children, then by kind and name."""
        ordered: list[Unit] = []
        by_parent: dict[UnitId | None, list[UnitId]] = {}
        for task in self.tasks.values():
            by_parent.setdefault(task.parent, []).append(task.id)

        pending = sorted(by_parent.get(None, ()), key=_rank, reverse=True)
        while pending:
            identity = pending.pop()
            unit = self.tasks[identity].unit
            if unit is not None:
                ordered.append(unit)
            pending.extend(sorted(by_parent.get(identity, ()), key=_rank, reverse=True))
        return ordered


def _rank(identity: UnitId) -> tuple[int, str, str]:
    return list(UnitKind).index(identity.kind), identity.namespace, identity.name


def _never_applied(item: RenderedObject) -> bool:
    if b"kustomize.toolkit.fluxcd.io/" not in item.raw:
        return False
    metadata = item.body().get("metadata") or {}
    marks = [found for place in ("labels", "annotations") if isinstance(found := metadata.get(place), dict)]
    return any(str(mark.get(key)).lower() == value for mark in marks for key, value in _NEVER_APPLIED.items())


def _dependencies(task: Task) -> tuple[UnitId, ...]:
    try:
        if task.id.kind is UnitKind.KUSTOMIZATION:
            return kustomizations.dependencies(task.id, kustomizations.specification(task.body).depends_on)
        if task.id.kind is UnitKind.HELM_RELEASE:
            return kustomizations.dependencies(task.id, releases.specification(task.body).depends_on)
    except Unready:
        pass
    return ()


def _path(task: Task) -> str:
    return str(task.spec.get("path") or "") if task.id.kind is UnitKind.KUSTOMIZATION else ""


def _source(body: dict[str, Any], root: UnitId) -> RenderedObject:
    metadata = body.get("metadata") or {}
    return RenderedObject(
        api_version=str(body.get("apiVersion") or ""),
        kind=str(body.get("kind") or ""),
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata.get("name") or ""),
        origin=Origin(unit=root),
        raw=msgspec.json.encode(body),
    )
