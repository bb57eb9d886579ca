"""Why a reference is missing: because another unit failed, or because nobody makes it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

from elysium.model import Failure, Need, ObjectId, UnitId, UnitKind, UnitState
from elysium.render.inputs import Missing
from elysium.render.progress import Task

if TYPE_CHECKING:
    from elysium.render.cluster import ClusterRun

__all__ = ["blame"]

_BROKEN = (UnitState.FAILED, UnitState.UNKNOWN)


def blame(task: Task, missing: Missing, cluster: ClusterRun) -> tuple[Failure, UnitState]:
    """The failure of a unit whose mandatory reference never appeared, and whether Flux would fail too.

    It is unknown, with the other unit as cause, when a unit that could not be rendered may well make the object.
    """
    cause = _culprit(task, missing.id, cluster)
    what = f"key {missing.key} of {missing.id}" if missing.key else str(missing.id)
    if cause is not None:
        message = f"{what} may come from {cause}, which could not be rendered"
        return Failure(code="cascade", message=message, reference=missing.id, cause=cause), UnitState.UNKNOWN
    if missing.key:
        message = f"{missing.id} has no key {missing.key}"
        return Failure(code="reference", message=message, reference=missing.id), UnitState.FAILED
    failure = Failure(
        code="source" if "toolkit.fluxcd.io" in missing.id.group else "reference",
        message=f"{missing.id} does not exist: no unit of {cluster.directory or 'this repository'} makes it",
        hint=_hint(missing.id),
        reference=missing.id,
        need=Need(remedy=_hint(missing.id)),
    )
    return failure, UnitState.FAILED


def _hint(identity: ObjectId) -> str:
    if identity.group:
        return "correct the name or the namespace, or add the object to the repository"
    written = f"{identity.kind}/{identity.namespace}/{identity.name}"
    return f'correct the name, or declare it in elysium.toml if it exists outside Git: external = ["{written}"]'


def _culprit(task: Task, wanted: ObjectId, cluster: ClusterRun) -> UnitId | None:
    broken = [
        other
        for other in cluster.tasks.values()
        if other is not task and other.unit is not None and other.unit.state in _BROKEN and not _waits_alike(other)
    ]
    if not broken:
        return None
    files = _files_with(wanted, cluster)
    ordered = sorted(broken, key=lambda item: item.id)
    certain = (other for other in ordered if _writes(other, wanted, files))
    likely = (other for other in ordered if _installs_beside(other, wanted))
    found = next(certain, None) or next(likely, None)
    return _root_cause(found, cluster) if found is not None else None


def _writes(other: Task, wanted: ObjectId, files: list[str]) -> bool:
    """Whether the object stands in the unit's directory, or its name in the unit's own templates."""
    path = _directory(other)
    if path is not None:
        return any(file.startswith(path) for file in files)
    return other.id.kind is UnitKind.RESOURCE_SET and wanted.name.encode() in msgspec.json.encode(other.spec)


def _installs_beside(other: Task, wanted: ObjectId) -> bool:
    """Whether the unit makes objects of a namespace that nobody can list: any of them may be the one."""
    return other.id.kind is not UnitKind.KUSTOMIZATION and _namespace(other) == wanted.namespace and not wanted.group


def _waits_alike(other: Task) -> bool:
    return bool(other.missing)


def _root_cause(task: Task, cluster: ClusterRun) -> UnitId:
    seen = {task.id}
    current = task
    while current.unit and current.unit.failure and (cause := current.unit.failure.cause) and cause not in seen:
        seen.add(cause)
        if cause not in cluster.tasks:
            break
        current = cluster.tasks[cause]
    return current.id


def _files_with(wanted: ObjectId, cluster: ClusterRun) -> list[str]:
    """Files of the repository that write an object of this kind and name, with that namespace or none.

    A sealed or external secret, or the generator of a kustomization file, may stand for the Secret.
    """
    return [
        file.path
        for file in cluster.documents.files
        if any(
            document.name == wanted.name
            and document.kind.endswith(wanted.kind)
            and document.namespace in ("", wanted.namespace)
            for document in file.documents
        )
    ]


def _directory(task: Task) -> str | None:
    if task.id.kind is not UnitKind.KUSTOMIZATION:
        return None
    path = posixpath.normpath("/" + str(task.spec.get("path") or "")).lstrip("/")
    return path + "/" if path else ""


def _namespace(task: Task) -> str:
    return str(task.spec.get("targetNamespace") or task.id.namespace)
