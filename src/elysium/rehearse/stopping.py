"""What keeps units from becoming ready when nothing moves any more."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.cluster.protocol import Action
from elysium.model import UnitId
from elysium.rehearse.judging import Awaited, Waiting
from elysium.rehearse.replaying import Replay
from elysium.rehearse.scenario import Scenario
from elysium.rehearse.specification import defining_object
from elysium.rehearse.turns import Turn, TurnState
from elysium.rehearse.types import WorkloadState, WorkloadVerdict

__all__ = ["failed_units", "waiting_units"]

_CURRENT = "Current"


def waiting_units(replay: Replay) -> dict[UnitId, Waiting]:
    """Every unit that did not become ready, and what it waits for; what Flux cannot build counts as refused."""
    failed = {
        unit.id: Waiting(unit=unit.id, refused=True, reason=unit.reason, parent=None) for unit in replay.scenario.failed
    }
    return failed | {
        turn.part.id: _waiting(turn, replay) for turn in replay.turns.values() if turn.state is not TurnState.READY
    }


def _waiting(turn: Turn, replay: Replay) -> Waiting:
    part = turn.part
    waits = turn.state is TurnState.WAITING
    missing = tuple(Awaited(object=item, status="NotFound") for item in replay.missing(part)) if waits else ()
    readiness = turn.readiness.objects if turn.readiness and not waits else ()
    unready = (item for item in readiness if item.status != _CURRENT)
    return Waiting(
        unit=part.id,
        parent=part.unit.parent if waits and not replay.defined(part) else None,
        refused=turn.state is TurnState.REFUSED,
        whole=turn.state is TurnState.REFUSED and not _first_refusal(turn),
        on_units=tuple(replay.unready(part)) if waits else (),
        on_objects=(
            *missing,
            *(Awaited(object=item.object.id, status=item.status, message=item.message) for item in unready),
        ),
        reason=turn.result.failed or _first_refusal(turn),
    )


def _first_refusal(turn: Turn) -> str:
    refused = (entry for entry in turn.result.entries if entry.action is Action.REJECTED)
    first = next(refused, None)
    return f"{first.object.id}: {first.message}" if first else ""


def failed_units(scenario: Scenario) -> Iterator[WorkloadVerdict]:
    """The units that Flux cannot build: they never become ready, whatever the server says."""
    for unit in scenario.failed:
        failure = unit.failure
        place = unit.defined_by.position if unit.defined_by else None
        yield WorkloadVerdict(
            phase=scenario.phase,
            object=defining_object(unit.id),
            unit=unit.id,
            state=WorkloadState.NEVER_READY,
            cause="build",
            message=f"Flux cannot build it: {unit.reason}",
            hint=failure.hint if failure else "",
            file=(failure.file if failure else "") or (place.file if place else ""),
            line=(failure.line if failure else 0) or (place.line if place else 0),
        )
