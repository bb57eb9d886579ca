"""What a rehearsal says: verdicts of the API server, what became of the workloads, and what it could not know."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, Position, UnitId

__all__ = ["Phase", "Rehearsal", "Server", "Step", "Summary", "Unknown", "Verdict", "WorkloadState", "WorkloadVerdict"]


class Phase(StrEnum):
    """Which revision is being applied: the one that runs today, the change on top of it, or the way back."""

    BASE = "base"
    HEAD = "head"
    ROLLBACK = "rollback"


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """The API server that answered. `declared` is the Kubernetes version of the settings, where it differs."""

    version: str
    controllers: bool = True
    declared: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the server said of one object of one unit, in one phase.

    `message` is the server's own; `hint` is what to do. `cause` is one word for a refusal: `immutable`,
    `unknown-field`, `schema`, `cel`, `policy`, `pod-security`, `quota`, `limit-range`, `forbidden`,
    `namespace-missing`, `kind-missing`, `ownership`, `conflict`, `invalid`, `other`. `attempts` is how often the unit
    was tried until this came out. `file` and `line` are in the repository at the phase's revision; empty when the
    object was made elsewhere (a chart). `unknown` says why a refusal is none: a value that only the cluster holds takes
    part in it.
    """

    phase: Phase
    object: ObjectId
    unit: UnitId
    action: Action
    api_version: str = ""
    message: str = ""
    hint: str = ""
    cause: str = ""
    field: str = ""
    warnings: tuple[str, ...] = ()
    attempts: int = 1
    file: str = ""
    line: int = 0
    unknown: str = ""

    @property
    def refused(self) -> bool:
        return self.action is Action.REJECTED and not self.unknown

    @property
    def position(self) -> Position | None:
        return Position(file=self.file, line=self.line) if self.file else None


class WorkloadState(StrEnum):
    """What became of a workload, a claim, an ingress or a unit after its objects were accepted."""

    READY = "ready"
    REFUSED = "refused"
    UNSCHEDULABLE = "unschedulable"
    UNBOUND = "unbound"
    UNSERVED = "unserved"
    NEVER_READY = "never-ready"


class WorkloadVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the controllers made of an accepted object; `object` of a unit is its Kustomization or HelmRelease.

    `refused`: the server refuses its Pods (quota, LimitRange, PodSecurity, a missing ServiceAccount).
    `unschedulable`: no node takes them. `unbound`: no class serves the claim. `unserved`: no controller serves the
    ingress. `never-ready`: a unit that can never become ready, with the deadlock behind it in `message`. `cause` as in
    `Verdict`.
    """

    phase: Phase
    object: ObjectId
    state: WorkloadState
    unit: UnitId | None = None
    message: str = ""
    hint: str = ""
    cause: str = ""
    wanted: int = 0
    ready: int = 0
    file: str = ""
    line: int = 0

    @property
    def position(self) -> Position | None:
        return Position(file=self.file, line=self.line) if self.file else None


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """What the rehearsal cannot know or left out.

    `code`: `unit` (not rendered offline), `suspended`, `webhook`, `conversion`, `aggregated`, `kind` (its CRD is not
    here), `opaque` (a value that only the cluster holds), `readiness` (a controller that does not run here),
    `controllers` (this server has none), `definition` (a CRD of the catalogue stands in), `unsettled` (workloads on
    their way, or too large to simulate), `nodes` and `class` (made up, since nobody says which there are).
    """

    phase: Phase
    code: str
    message: str
    unit: UnitId | None = None
    object: ObjectId | None = None
    remedy: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rehearsal is, for those who watch: a unit of a phase that begins, ends, waits or is stuck.

    `state`: `booting`, `applying`, `applied`, `rejected`, `waiting`, `ready`, `stuck`, `settling`, `done`. `unit` is
    None for what concerns the whole. `counts` are the unit's objects by action; `seconds` since the start.
    """

    state: str
    phase: Phase | None = None
    unit: UnitId | None = None
    message: str = ""
    counts: dict[str, int] = {}
    seconds: float = 0.0
    done: int = 0
    total: int = 0


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts.

    `actions` are of the head phase, by action; `new` counts what is refused or stuck in the head and was not so in the
    base, which decides the exit code; `leftovers` are objects that a rollback does not take back or give back.
    """

    objects: int = 0
    actions: dict[str, int] = {}
    new: int = 0
    known: int = 0
    fixed: int = 0
    unknown: int = 0
    warnings: int = 0
    leftovers: tuple[str, ...] = ()
    unrestored: int = 0
    seconds: dict[str, float] = {}


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A whole rehearsal.

    `base` is empty when only one revision was replayed. `assumptions`: what was on the server beside Git.
    """

    base: str
    head: str
    server: Server
    clusters: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    workloads: tuple[WorkloadVerdict, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    assumptions: tuple[str, ...] = ()
    summary: Summary = Summary()
    version: int = 1
