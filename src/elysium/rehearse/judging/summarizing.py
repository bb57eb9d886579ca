"""What is new in the head: refusals and workloads in trouble that the base did not have, and the exit code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from elysium.model import ObjectId
from elysium.rehearse.types import Phase, Rehearsal, Summary, Unknown, Verdict, WorkloadState, WorkloadVerdict

__all__ = ["Trouble", "exit_code", "new_troubles", "summarize"]

Trouble = Verdict | WorkloadVerdict
"""A refused object, or a workload, claim, ingress or unit that is not what it should be."""

_Key = tuple[str, ObjectId, str, str, str]

_VARIABLE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![A-Za-z0-9])\d+(?:\.\d+)?(?:[KMGTPE]i?|[mkun])?(?![A-Za-z0-9])"
)
"""What differs from run to run without saying anything: identifiers, counts, amounts."""


def new_troubles(verdicts: Iterable[Verdict], workloads: Iterable[WorkloadVerdict]) -> tuple[Trouble, ...]:
    """The troubles of the head and of the way back that the base did not have, each once, in order.

    A trouble is known when the base had it for the same object, for the same cause or state and in the same words, but
    for numbers: how many nodes there are, or how much of a quota is used.
    """
    troubles = _troubles(verdicts, workloads)
    seen = {_key(item) for item in troubles if item.phase is Phase.BASE}
    found = []
    for item in troubles:
        key = _key(item)
        if item.phase is not Phase.BASE and key not in seen:
            seen.add(key)
            found.append(item)
    return tuple(found)


def exit_code(rehearsal: Rehearsal) -> int:
    """0 when the change brings no trouble, and a way back that was asked for restores the base; 1 otherwise."""
    troubles = new_troubles(rehearsal.verdicts, rehearsal.workloads)
    return 1 if troubles or rehearsal.summary.unrestored else 0


def summarize(
    verdicts: Sequence[Verdict],
    workloads: Sequence[WorkloadVerdict],
    unknown: Sequence[Unknown] = (),
    *,
    leftovers: Sequence[str] = (),
    seconds: Mapping[str, float] | None = None,
) -> Summary:
    """Count. What is not of the head is counted only where the head is compared with it."""
    head = [item for item in verdicts if item.phase is Phase.HEAD]
    troubles = _troubles(verdicts, workloads)
    base_keys = {_key(item) for item in troubles if item.phase is Phase.BASE}
    head_keys = {_key(item) for item in troubles if item.phase is Phase.HEAD}
    return Summary(
        objects=len({(item.unit.cluster, item.object) for item in head}),
        actions={str(action): count for action, count in sorted(Counter(item.action for item in head).items())},
        new=len(new_troubles(verdicts, workloads)),
        known=len(head_keys & base_keys),
        fixed=len(base_keys - head_keys) if _compared(verdicts, workloads) else 0,
        unknown=len(unknown),
        warnings=len({(item.unit.cluster, item.object, warning) for item in head for warning in item.warnings}),
        leftovers=tuple(leftovers),
        seconds=dict(seconds or {}),
    )


def _compared(verdicts: Sequence[Verdict], workloads: Sequence[WorkloadVerdict]) -> bool:
    """Whether a head was replayed at all: without one nothing is mended."""
    return any(item.phase is Phase.HEAD for item in verdicts) or any(item.phase is Phase.HEAD for item in workloads)


def _troubles(verdicts: Iterable[Verdict], workloads: Iterable[WorkloadVerdict]) -> list[Trouble]:
    refused = sorted((item for item in verdicts if item.refused), key=_place)
    stuck = sorted((item for item in workloads if item.state is not WorkloadState.READY), key=_place)
    found: list[Trouble] = []
    for phase in Phase:
        found += [item for item in refused if item.phase is phase]
        found += [item for item in stuck if item.phase is phase]
    return found


def _place(item: Trouble) -> tuple[_Key, str]:
    return _key(item), item.message


def _key(item: Trouble) -> _Key:
    cluster = item.unit.cluster if item.unit else ""
    state = "" if isinstance(item, Verdict) else str(item.state)
    return cluster, item.object, item.cause, state, _VARIABLE.sub("#", item.message)
