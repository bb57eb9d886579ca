"""What a rehearsal found, sorted for a reader: what is in trouble and was not before, what changes, what is warned of.

The three forms that people read (text, Markdown, SARIF) show the same parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from elysium.cluster.protocol import Action
from elysium.model import ObjectId, UnitId
from elysium.rehearse.judging import exit_code, new_troubles
from elysium.rehearse.types import Phase, Rehearsal, Unknown, Verdict, WorkloadState, WorkloadVerdict

__all__ = [
    "CHANGES",
    "Folded",
    "Reasons",
    "Trouble",
    "changes",
    "fold",
    "passed",
    "skips",
    "troubles",
    "unknowns",
    "warnings",
]

CHANGES = (Action.RECREATED, Action.CREATED, Action.CONFIGURED, Action.PRUNED, Action.ORPHANED)
"""What is listed of a phase, in this order; what is unchanged is only counted."""

_OPAQUE = "opaque"
_REFUSALS = (Action.REJECTED.value, WorkloadState.REFUSED.value)


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """An object that the server refuses, or of which the controllers can make nothing.

    `state` is `rejected` or the state of the workload, `known` says that it was the same in the base, and `followers`
    counts the objects that are not applied because this one is refused.
    """

    phase: Phase
    object: ObjectId
    unit: UnitId | None
    state: str
    cause: str
    said: str
    hint: str
    file: str = ""
    line: int = 0
    attempts: int = 1
    followers: int = 0
    known: bool = False
    pods: str = ""

    @property
    def message(self) -> str:
        """What was said, and how many Pods there are."""
        return f"{self.said} ({self.pods})" if self.pods else self.said

    @property
    def refused(self) -> bool:
        """Whether the server refuses the object itself."""
        return self.state == Action.REJECTED

    @property
    def word(self) -> str:
        """What is wrong in a word: `immutable`, `quota`, `unschedulable`."""
        return self.cause if self.cause and self.state in _REFUSALS else self.state

    @property
    def place(self) -> str:
        """The file with its line, or nothing for what a chart made."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Folded(msgspec.Struct, frozen=True, kw_only=True):
    """Things about which the same is said."""

    message: str
    hint: str
    names: tuple[str, ...]
    known: bool = False


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """Why something cannot be known, of one code."""

    code: str
    number: int
    reasons: tuple[Folded, ...]


def passed(rehearsal: Rehearsal) -> bool:
    """Whether the head brings no trouble that the base did not have, and the way back, if any, restores the base."""
    return exit_code(rehearsal) == 0


def troubles(rehearsal: Rehearsal, phase: Phase = Phase.HEAD) -> tuple[Trouble, ...]:
    """What is in trouble in a phase: refusals first, what is new before what is known."""
    phases = (Phase.BASE, phase)
    verdicts = [item for item in rehearsal.verdicts if item.phase in phases]
    workloads = [item for item in rehearsal.workloads if item.phase in phases]
    new = {(item.unit, item.object, item.message) for item in new_troubles(verdicts, workloads)}
    found = [
        msgspec.structs.replace(item, known=(item.unit, item.object, item.said) not in new)
        for item in _troubles(rehearsal, phase)
    ]
    return tuple(sorted(found, key=lambda item: (item.known, not item.refused)))


def ready(rehearsal: Rehearsal) -> int:
    """How many workloads of the head are ready."""
    return sum(item.phase is Phase.HEAD and item.state is WorkloadState.READY for item in rehearsal.workloads)


def changes(rehearsal: Rehearsal, phase: Phase = Phase.HEAD) -> dict[Action, tuple[Verdict, ...]]:
    """What a phase changes, by action."""
    found: dict[Action, list[Verdict]] = {action: [] for action in CHANGES}
    for verdict in rehearsal.verdicts:
        if verdict.phase is phase and verdict.action in found:
            found[verdict.action].append(verdict)
    return {action: tuple(verdicts) for action, verdicts in found.items() if verdicts}


def skips(rehearsal: Rehearsal, phase: Phase = Phase.HEAD) -> tuple[Folded, ...]:
    """What a phase leaves out for a reason of its own, not because another object of the stage is refused."""
    refused = {str(item.object) for item in _troubles(rehearsal, phase) if item.refused}
    skipped = [item for item in rehearsal.verdicts if item.phase is phase and item.action is Action.SKIPPED]
    followers = {text for text in {item.message for item in skipped} if any(name in text for name in refused)}
    return fold((item.message, item.hint, str(item.object), False) for item in skipped if item.message not in followers)


def warnings(rehearsal: Rehearsal) -> tuple[Folded, ...]:
    """What the server warned of in the head, by its words; `known` is what it said of the same object of the base."""
    before = {(item.object, text) for item in rehearsal.verdicts if item.phase is Phase.BASE for text in item.warnings}
    return fold(
        (text, "", str(item.object), (item.object, text) in before)
        for item in rehearsal.verdicts
        if item.phase is Phase.HEAD
        for text in item.warnings
    )


def fold(rows: Iterable[tuple[str, str, str, bool]]) -> tuple[Folded, ...]:
    """Rows of message, hint, name and whether it is known, folded by what they say, each name once."""
    found: dict[tuple[str, str, bool], dict[str, None]] = {}
    for message, hint, name, known in rows:
        found.setdefault((message, hint, known), {})[name] = None
    return tuple(
        Folded(message=message, hint=hint, names=tuple(names), known=known)
        for (message, hint, known), names in sorted(found.items(), key=lambda item: item[0][2])
    )


def unknowns(rehearsal: Rehearsal) -> tuple[Reasons, ...]:
    """What cannot be known, by code; what is so in several phases stands there once."""
    by_code: dict[str, list[tuple[str, str, str, bool]]] = {}
    for item in _all_unknown(rehearsal):
        name = str(item.object or item.unit or "")
        by_code.setdefault(item.code, []).append((item.message, item.remedy, name, False))
    return tuple(_reasons(code, fold(rows)) for code, rows in by_code.items())


def _reasons(code: str, reasons: tuple[Folded, ...]) -> Reasons:
    return Reasons(code=code, number=sum(len(item.names) for item in reasons), reasons=reasons)


def _all_unknown(rehearsal: Rehearsal) -> Iterator[Unknown]:
    """Those that are listed, and refusals that are none, where nobody listed them."""
    yield from rehearsal.unknown
    listed = {item.object for item in rehearsal.unknown}
    for item in rehearsal.verdicts:
        if item.unknown and item.object not in listed:
            yield Unknown(phase=item.phase, code=_OPAQUE, message=item.unknown, unit=item.unit, object=item.object)


def _troubles(rehearsal: Rehearsal, phase: Phase) -> Iterator[Trouble]:
    messages: dict[UnitId, list[str]] = {}
    for verdict in rehearsal.verdicts:
        if verdict.phase is phase and verdict.action is Action.SKIPPED:
            messages.setdefault(verdict.unit, []).append(verdict.message)
    for verdict in rehearsal.verdicts:
        if verdict.phase is phase and verdict.refused:
            name = str(verdict.object)
            yield _of_verdict(verdict, sum(name in text for text in messages.get(verdict.unit, ())))
    refused = {verdict.unit for verdict in rehearsal.verdicts if verdict.phase is phase and verdict.refused}
    for workload in rehearsal.workloads:
        if workload.phase is phase and workload.state is not WorkloadState.READY and not _follows(workload, refused):
            yield _of_workload(workload)


def _follows(workload: WorkloadVerdict, refused: Collection[UnitId]) -> bool:
    """Whether it says no more than that a unit is not ready of which an object is refused."""
    return workload.state is WorkloadState.NEVER_READY and workload.unit in refused


def _of_verdict(verdict: Verdict, followers: int) -> Trouble:
    return Trouble(
        phase=verdict.phase,
        object=verdict.object,
        unit=verdict.unit,
        state=verdict.action.value,
        cause=verdict.cause,
        said=verdict.message,
        hint=verdict.hint,
        file=verdict.file,
        line=verdict.line,
        attempts=verdict.attempts,
        followers=followers,
    )


def _of_workload(workload: WorkloadVerdict) -> Trouble:
    return Trouble(
        phase=workload.phase,
        object=workload.object,
        unit=workload.unit,
        state=workload.state.value,
        cause=workload.cause,
        said=workload.message,
        pods=f"{workload.ready} of {workload.wanted} ready" if workload.wanted else "",
        hint=workload.hint,
        file=workload.file,
        line=workload.line,
    )
