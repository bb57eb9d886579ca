"""What the rehearsal of a preview says: of each event the steps of its workflow, of each step the objects."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from elysium.cluster.protocol import Action
from elysium.model import ObjectId
from elysium.previews.events import EventKind
from elysium.rehearse.types import Server, Unknown, WorkloadState, WorkloadVerdict

__all__ = [
    "MissingRule",
    "PreviewRehearsal",
    "PreviewSummary",
    "RehearsedEvent",
    "RehearsedStep",
    "StepEntry",
    "StepState",
]


class StepState(StrEnum):
    """How a step of a workflow ended.

    `refused`: the server does not let the account do it. `failed`: it was done, and did not come to a good end.
    `skipped`: there was nothing to do, or an earlier step ended the job.
    """

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


class MissingRule(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A rule that the account's roles lack; `namespace` is empty for what is no part of one, `name` for any name."""

    group: str
    resource: str
    verbs: tuple[str, ...]
    namespace: str = ""
    name: str = ""

    def __str__(self) -> str:
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        name = f" {self.name}" if self.name else ""
        return f"{', '.join(self.verbs)} {what}{name}{f' in {self.namespace}' if self.namespace else ''}"

    @property
    def rule(self) -> str:
        """As it is written in a role."""
        names = f', resourceNames: ["{self.name}"]' if self.name else ""
        resources = f'resources: ["{self.resource}"]{names}'
        return f'{{apiGroups: ["{self.group}"], {resources}, verbs: [{", ".join(self.verbs)}]}}'


class StepEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one object in a step.

    `expected`: it is new, or what was sent differs from what was sent last time, so that a change is no surprise.
    `hook` is the event of Helm at which it ran, `after` the workloads that it talks to and that were applied before it.
    `cause` and `field` are of a refusal, as in a rehearsal of a cluster; `unknown` says why one is none: a value that
    only the cluster holds takes part in it.
    """

    object: ObjectId
    action: Action
    api_version: str = ""
    message: str = ""
    hint: str = ""
    cause: str = ""
    field: str = ""
    missing: tuple[MissingRule, ...] = ()
    warnings: tuple[str, ...] = ()
    expected: bool = True
    hook: str = ""
    after: tuple[ObjectId, ...] = ()
    unknown: str = ""
    file: str = ""
    line: int = 0

    @property
    def drifts(self) -> bool:
        """Whether it is changed by being applied again as it was."""
        return not self.expected and self.action in (Action.CONFIGURED, Action.RECREATED, Action.CREATED)


class RehearsedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a workflow. `command` is what does it there.

    `stood_in`: the account may not do it, so the platform did, so that the steps after it are tried for themselves.
    """

    name: str
    command: str
    state: StepState
    message: str = ""
    hint: str = ""
    missing: tuple[MissingRule, ...] = ()
    entries: tuple[StepEntry, ...] = ()
    stood_in: bool = False

    @property
    def in_trouble(self) -> bool:
        return self.state in (StepState.REFUSED, StepState.FAILED)

    @property
    def ends_the_job(self) -> bool:
        """Whether no step comes after it: it went wrong and nobody stood in, or nobody knows how it would have gone."""
        in_doubt = any(entry.unknown for entry in self.entries)
        return (self.in_trouble and not self.stood_in) or (in_doubt and self.state is StepState.SKIPPED)


class RehearsedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event with what its workflow did. `tag` is the image's; `leftovers` are what a teardown leaves behind."""

    number: int
    kind: EventKind
    tag: str = ""
    steps: tuple[RehearsedStep, ...] = ()
    workloads: tuple[WorkloadVerdict, ...] = ()
    leftovers: tuple[ObjectId, ...] = ()
    seconds: float = 0.0

    @property
    def drift(self) -> tuple[StepEntry, ...]:
        """The objects that are changed although nothing of them is another."""
        return tuple(entry for step in self.steps for entry in step.entries if entry.drifts)

    @property
    def troubled(self) -> tuple[WorkloadVerdict, ...]:
        """The workloads that do not come up."""
        return tuple(item for item in self.workloads if item.state is not WorkloadState.READY)

    @property
    def passed(self) -> bool:
        steps = any(step.in_trouble for step in self.steps)
        return not (steps or self.drift or self.troubled or self.leftovers)


class PreviewSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over all events. `missing` are the rules that the account lacks, each once."""

    events: int = 0
    actions: dict[str, int] = {}
    refused: int = 0
    failed: int = 0
    troubled: int = 0
    drift: int = 0
    leftovers: int = 0
    missing: tuple[MissingRule, ...] = ()
    seconds: float = 0.0


class PreviewRehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """A whole rehearsal of a preview. `platform` is what an administrator applies once, before everything."""

    number: int
    namespace: str
    account: str
    server: Server
    platform: RehearsedStep
    events: tuple[RehearsedEvent, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    summary: PreviewSummary = PreviewSummary()
    version: int = 1

    @property
    def passed(self) -> bool:
        """Whether everything is accepted, comes up, changes nothing without need, and leaves nothing."""
        return not self.platform.in_trouble and all(event.passed for event in self.events)
