"""A whole rehearsal of one cluster: what is there before, the base, the head on top of it, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from elysium.cluster.protocol import Action, Entries, Observation, Stored
from elysium.cluster.replay import Replayer
from elysium.evaluate import Node
from elysium.model import ObjectId, Render, RenderedObject, UnitId
from elysium.rehearse.blind_spots import blind_spots
from elysium.rehearse.facts import Facts, describe
from elysium.rehearse.inventory import Inventory
from elysium.rehearse.judging import Leftover, Placed, World, compare_worlds, stuck, unfinished, workload_verdicts
from elysium.rehearse.preparing import Prepared, prepare
from elysium.rehearse.replaying import Replay
from elysium.rehearse.scenario import stage
from elysium.rehearse.specification import defining_object
from elysium.rehearse.stopping import failed_units, waiting_units
from elysium.rehearse.types import Phase, Step, Unknown, Verdict, WorkloadVerdict
from elysium.rehearse.verdicts import verdicts_of

__all__ = ["Course", "Outcome", "rehearse_cluster"]

_QUIET = 400
_LONGEST = 15_000


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What one cluster goes through: its facts, and for each phase the render, in order.

    The renders are those that leave the API: no value of a Secret that is known here ever reaches the server.
    """

    cluster: str
    facts: Facts
    controllers: bool
    nodes: tuple[Node, ...] = ()
    renders: tuple[tuple[Phase, Render], ...]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `leftovers` are differences between the first state and the one after the way back."""

    verdicts: tuple[Verdict, ...] = ()
    workloads: tuple[WorkloadVerdict, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    assumptions: tuple[str, ...] = ()


def rehearse_cluster(course: Course, replayer: Replayer, notice: Callable[[Step], None]) -> Outcome:
    """Replay all phases on an empty server. Raises ClusterError when the server or the replay fails."""
    inventory = Inventory()
    verdicts: list[Verdict] = []
    workloads: list[WorkloadVerdict] = []
    unknown = [*course.facts.unknown, *_prepare_server(course, replayer)]
    if not course.controllers:
        message = "the server has no controllers: what quotas, workloads and readiness would be is not known"
        unknown.append(Unknown(phase=Phase.HEAD, code="controllers", message=message))
    worlds: list[Mapping[ObjectId, dict[str, Any]]] = []
    ways_back = any(phase is Phase.ROLLBACK for phase, _ in course.renders)
    for phase, render in course.renders:
        replay = _replayed(course, phase, render, inventory, replayer, notice)
        unknown += replay.scenario.unknown
        if phase is Phase.HEAD:
            unknown += blind_spots(replay.scenario)
        verdicts += verdicts_of(replay)
        notice(Step(state="settling", phase=phase))
        workloads += _workloads(course, replay, replayer, unknown)
        if ways_back and phase is not Phase.HEAD:
            worlds.append(_world(replayer))
        notice(Step(state="done", phase=phase))
    return Outcome(
        verdicts=tuple(verdicts),
        workloads=tuple(workloads),
        unknown=tuple(unknown),
        leftovers=compare_worlds(*worlds) if ways_back else (),
        assumptions=tuple(describe(course.facts)),
    )


def _prepare_server(course: Course, replayer: Replayer) -> Iterator[Unknown]:
    """Put there what is there before Flux; what the server does not take is told."""
    objects = [msgspec.Raw(raw) for raw in course.facts.objects]
    result = replayer.call("create", {"objects": objects}, Entries)
    for entry in result.entries:
        if entry.action is Action.REJECTED:
            message = f"what stands for {entry.object.id} was refused: {entry.message}"
            yield Unknown(phase=Phase.BASE, code="definition", object=entry.object.id, message=message)


def _replayed(
    course: Course,
    phase: Phase,
    render: Render,
    inventory: Inventory,
    replayer: Replayer,
    notice: Callable[[Step], None],
) -> Replay:
    scenario = stage(render, course.cluster, phase, lambda item: _prepared(course, item, phase))
    replay = Replay(scenario, inventory, replayer, course.facts.deferred, notice)
    replay.run()
    return replay


def _prepared(course: Course, item: RenderedObject, phase: Phase) -> Prepared:
    """What is sent for an object: nothing, where its kind is not there."""
    return Prepared(raw=None) if course.facts.lacks(item) else prepare(item, phase)


def _workloads(course: Course, replay: Replay, replayer: Replayer, unknown: list[Unknown]) -> Iterator[WorkloadVerdict]:
    phase = replay.scenario.phase
    places = _places(replay)
    found: tuple[WorkloadVerdict, ...] = ()
    if course.controllers:
        replayer.call("settle", {"quiet": _QUIET, "limit": _LONGEST}, dict)
        observation = replayer.call("observe", {}, Observation)
        found = workload_verdicts(observation, phase, places, _judged_world(course))
        unknown += unfinished(observation, {item.object for item in found}, phase)
    yield from failed_units(replay.scenario)
    yield from stuck(waiting_units(replay), phase, places, suspended=replay.scenario.beyond, troubles=found)
    yield from found


def _places(replay: Replay) -> dict[ObjectId, Placed]:
    """Where the objects that are on the server come from: those of this phase, and those that stayed."""
    parts = [kept.part for kept in replay.before.values()]
    parts += [turn.part for turn in replay.turns.values()]
    found = {}
    for part in parts:
        found[defining_object(part.id)] = _placed(part.id, part.unit.defined_by)
        for sent in part.objects:
            found[sent.item.id] = _placed(part.id, sent.item.origin)
    return found


def _placed(unit: UnitId, origin: Any) -> Placed:
    position = origin.position if origin else None
    return Placed(unit=unit, file=position.file if position else "", line=position.line if position else 0)


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[Stored, ...] = ()


class _Bodies(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[dict[str, Any] | None, ...] = ()


def _world(replayer: Replayer) -> dict[ObjectId, dict[str, Any]]:
    """Every object that somebody put there, as the server holds it."""
    stored = replayer.call("inventory", {}, _Stored).objects
    own = [item.object for item in stored if not item.owned]
    bodies = replayer.call("get", {"objects": own}, _Bodies).objects
    return {reference.id: body for reference, body in zip(own, bodies, strict=True) if body is not None}


def _judged_world(course: Course) -> World:
    """What stands around the objects, for those who judge the workloads."""
    facts = course.facts
    return World(
        made_up_nodes="nodes" in facts.made_up,
        made_up_classes="storage-classes" in facts.made_up,
        made_up_ingress_classes="ingress-classes" in facts.made_up,
        ingress_classes=frozenset(facts.classes.get("ingress-classes", ())),
        controllers=course.controllers,
        nodes=course.nodes,
    )
