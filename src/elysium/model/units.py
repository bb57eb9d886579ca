"""Units of reconciliation with their outcome, and the result of a whole render."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.model.ids import ObjectId, UnitId
from elysium.model.objects import Origin, RenderedObject

__all__ = ["Assumption", "Failure", "Need", "Render", "Unit", "UnitState", "UnreadValue"]


class UnitState(StrEnum):
    """The outcome of a unit.

    `failed` is only what Flux itself would refuse; `unknown` is what cannot be decided offline; a `suspended` unit does
    nothing until it is resumed.
    """

    RENDERED = "rendered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUSPENDED = "suspended"


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What would make something known: for a person (`remedy`), and for `elysium fetch` (`key` of a request)."""

    remedy: str
    key: str = ""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a unit is failed or unknown.

    `code` is a stage of the engine's protocol (`build`, `substitute`, `template`, …) or one of `reference`, `source`,
    `dependency`, `exceeded`, `specification`, `values-unknown`. `cause` is the unit whose failure is the root of this
    one. `variables` are the names of undefined variables.
    """

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    object: ObjectId | None = None
    reference: ObjectId | None = None
    cause: UnitId | None = None
    need: Need | None = None
    variables: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.message


class Assumption(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Something that was taken for granted where only the cluster or the network knows."""

    code: str
    message: str
    unit: str = ""


class UnreadValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is given to a release and that its chart does not read; `siblings` are names that it reads there."""

    path: tuple[str, ...]
    siblings: tuple[str, ...] = ()


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One Kustomization, HelmRelease or ResourceSet with what it makes.

    `defined_by` is where the object that defines it came from (None for a root that no file contains). `objects` of a
    suspended unit are what it would apply when resumed. `blocked_by` is the root cause that keeps Flux from ever
    applying a unit that renders: it depends on something that never becomes ready.
    """

    id: UnitId
    state: UnitState
    failure: Failure | None = None
    objects: tuple[RenderedObject, ...] = ()
    parent: UnitId | None = None
    defined_by: Origin | None = None
    depends_on: tuple[UnitId, ...] = ()
    blocked_by: UnitId | None = None
    assumptions: tuple[Assumption, ...] = ()
    undefined_variables: tuple[str, ...] = ()
    used_variables: tuple[str, ...] = ()
    path: str = ""
    read: tuple[str, ...] = ()
    unread_values: tuple[UnreadValue, ...] = ()
    chart: str = ""
    release_namespace: str = ""
    sensitive: bool = False

    @property
    def reason(self) -> str:
        return self.failure.message if self.failure else ""


class Render(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one run knows about one revision of a repository, for all its clusters.

    `units` are ordered by cluster, then as Flux would reach them (parents before children, then by kind and name).
    """

    revision: str
    digest: str
    flux: str
    kubernetes: str
    clusters: tuple[str, ...]
    units: tuple[Unit, ...]
    assumptions: tuple[Assumption, ...] = ()
    duplicates: tuple[tuple[ObjectId, tuple[UnitId, ...]], ...] = ()
