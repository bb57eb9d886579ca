"""What the replay is asked and answers: docs/replay-protocol.md as types."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.model import ObjectId

__all__ = [
    "PROTOCOL",
    "Action",
    "Answer",
    "Cause",
    "Claim",
    "Entries",
    "Entry",
    "Event",
    "Handshake",
    "Ingress",
    "Observation",
    "Pod",
    "Readiness",
    "Reference",
    "ReplayError",
    "Service",
    "Stored",
    "Workload",
]

PROTOCOL = 1


class Action(StrEnum):
    """What came of an object."""

    CREATED = "created"
    CONFIGURED = "configured"
    UNCHANGED = "unchanged"
    RECREATED = "recreated"
    PRUNED = "pruned"
    ORPHANED = "orphaned"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """An object by name, with the version it was sent in."""

    group: str = ""
    version: str = ""
    kind: str
    namespace: str = ""
    name: str

    @property
    def id(self) -> ObjectId:
        return ObjectId(self.group, self.kind, self.namespace, self.name)


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One of the reasons in the server's Status: which field, and what is wrong with it."""

    reason: str = ""
    field: str = ""
    message: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one object. `index` is its place among those that were sent; -1 if it was not."""

    object: Reference
    action: Action
    index: int = -1
    step: str = "apply"
    message: str = ""
    reason: str = ""
    code: int = 0
    causes: tuple[Cause, ...] = ()
    warnings: tuple[str, ...] = ()


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the objects of one unit. `stage` is where kustomize-controller stopped, `failed` why Helm did."""

    entries: tuple[Entry, ...] = ()
    stage: str = ""
    failed: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The readiness of one object, as kstatus names it: Current, InProgress, Failed, Terminating, NotFound."""

    object: Reference
    status: str
    message: str = ""


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether all objects are Current, and the state of each."""

    ready: bool
    objects: tuple[Status, ...] = ()


class Pod(msgspec.Struct, frozen=True, kw_only=True):
    """A Pod, and the workload at the top of its owners."""

    object: Reference
    owner: Reference | None = None
    phase: str = ""
    scheduled: bool = False
    ready: bool = False
    message: str = ""
    job: bool = False


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """A workload: how many Pods it wants and has, and why the server refused one."""

    object: Reference
    wanted: int = 0
    ready: int = 0
    failure: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A PersistentVolumeClaim."""

    object: Reference
    phase: str = ""
    storage_class: str = msgspec.field(default="", name="class")
    message: str = ""


class Ingress(msgspec.Struct, frozen=True, kw_only=True):
    """An Ingress with the class that it names or was given."""

    object: Reference
    ingress_class: str = msgspec.field(default="", name="class")


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A Service with its type and address."""

    object: Reference
    type: str = ""
    address: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A warning that a controller recorded."""

    object: Reference
    reason: str = ""
    message: str = ""
    count: int = 1


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What the controllers made of the objects."""

    pods: tuple[Pod, ...] = ()
    workloads: tuple[Workload, ...] = ()
    claims: tuple[Claim, ...] = ()
    ingresses: tuple[Ingress, ...] = ()
    services: tuple[Service, ...] = ()
    events: tuple[Event, ...] = ()


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """An object that the server holds; `owned` if another one owns it, so that it goes with that."""

    object: Reference
    owned: bool = False
    managers: tuple[str, ...] = ()


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """What the replay says of itself and of the server that it was given."""

    protocol: int
    server: str = ""
    controllers: bool = False


class ReplayError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request has no result."""

    message: str
    hint: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one request: a result as raw JSON, or an error."""

    id: int = 0
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: ReplayError | None = None
