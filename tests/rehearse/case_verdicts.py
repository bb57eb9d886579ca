"""What a rehearsal says of a case, beside what the case expects."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from elysium.api import Options, Workspace
from elysium.api.rehearsing import rehearse
from elysium.cluster.protocol import Action
from elysium.rehearse.types import Phase, Rehearsal, Unknown, Verdict, WorkloadState, WorkloadVerdict
from tests.rehearse.case_harness import Case, Expectation

__all__ = ["bad", "meets", "once", "rehearsed", "said_of", "surprises"]

Said = Verdict | WorkloadVerdict | Unknown


def rehearsed(root: Path) -> Rehearsal:
    """What the rehearsal says of the head of such a repository."""
    with Workspace(root, options=Options()) as workspace:
        return rehearse(workspace, "HEAD~1", "HEAD")


def said_of(case: Case, rehearsal: Rehearsal) -> Iterator[Said]:
    """What it says of a case, by the unit, the namespace or the name of the object."""
    everything: tuple[Said, ...] = (*rehearsal.verdicts, *rehearsal.workloads, *rehearsal.unknown)
    for said in everything:
        unit = (said.unit.name, said.unit.namespace) if said.unit else ()
        thing = (said.object.namespace, said.object.name) if said.object else ()
        if any(case.owns(name) for name in (*unit, *thing)):
            yield said


def meets(said: Said, expected: Expectation) -> bool:
    """Whether this is what is expected."""
    if (str(said.object), said.phase.value) != (expected.object, expected.phase):
        return False
    if isinstance(said, Unknown):
        return said.code == expected.unknown and expected.message in said.message
    if isinstance(said, Verdict):
        named = said.action.value == expected.action and expected.warning in " ".join(said.warnings)
    else:
        named = said.state.value == expected.state
    texts = expected.message in said.message and expected.hint in said.hint
    return named and texts and expected.cause in ("", said.cause)


def bad(said: Said, phase: Phase = Phase.HEAD) -> bool:
    """Whether somebody who reads this has something to mend."""
    refused = isinstance(said, Verdict) and said.refused
    down = isinstance(said, WorkloadVerdict) and said.state is not WorkloadState.READY
    return said.phase is phase and (refused or down)


def surprises(case: Case, said: Iterable[Said]) -> list[Said]:
    """What is bad in the head and not expected. That a unit does not become ready follows from what is."""
    unexpected = [item for item in said if bad(item) and not any(meets(item, expected) for expected in case.expect)]
    troubled = any(expected.state or expected.action == Action.REJECTED for expected in case.expect)
    return [item for item in unexpected if not (troubled and follows(item))]


def follows(said: Said) -> bool:
    return isinstance(said, WorkloadVerdict) and said.state is WorkloadState.NEVER_READY


def once(factory: pytest.TempPathFactory, name: str, compute: Callable[[], Rehearsal]) -> Rehearsal:
    """What one of the processes that share the tests computes, and the others wait for: booting a server is dear."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    base = factory.getbasetemp()
    place = (base.parent if run else base) / f"{name}-{run}.json"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            place.write_bytes(msgspec.json.encode(compute()))
    return msgspec.json.decode(place.read_bytes(), type=Rehearsal)
