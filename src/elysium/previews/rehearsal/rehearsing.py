"""A whole rehearsal of a preview: the platform once, then each event with what its workflow does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from elysium.cluster.protocol import Action, Entries, Observation, Stored
from elysium.cluster.replay import Replayer
from elysium.model import ObjectId
from elysium.previews.events import EventKind
from elysium.previews.rehearsal.deployer import Deployer
from elysium.previews.rehearsal.deploying import Workflows
from elysium.previews.rehearsal.deployment import Deployment
from elysium.previews.rehearsal.refusals import merged
from elysium.previews.rehearsal.types import (
    PreviewSummary,
    RehearsedEvent,
    RehearsedStep,
)
from elysium.rehearse.facts import Facts
from elysium.rehearse.judging.workloads import workload_verdicts
from elysium.rehearse.judging.world import Placed, World
from elysium.rehearse.types import Phase, Unknown, WorkloadVerdict

__all__ = ["Course", "Tell", "rehearse_events", "summary_of"]

Tell = Callable[[str], None]
"""Hears what is being done."""

_SETTLE = {"quiet": 400, "limit": 15_000}
_LEFTOVER_PATIENCE = 10.0


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What is rehearsed: each event with the state of the preview that it brings. `facts` are of the cluster."""

    account: str
    events: tuple[tuple[EventKind, Deployment], ...]
    facts: Facts


class _Inventory(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[Stored, ...] = ()


def rehearse_events(
    course: Course, replayer: Replayer, tell: Tell
) -> tuple[RehearsedStep, tuple[RehearsedEvent, ...], tuple[Unknown, ...]]:
    """The platform, the events, and what cannot be known. Raises ClusterError when the server or the replay fails."""
    unknown = [*course.facts.unknown, *_prepare_server(course, replayer)]
    first = course.events[0][1]
    tell("applying the platform")
    platform = Deployer(replayer, "", first.index).apply("apply the platform", "kubectl apply", first.platform)
    _settle(replayer)
    before = _there(replayer)
    workflows = Workflows(replayer, Deployer(replayer, course.account, first.index))
    events = tuple(
        _event(
            number,
            kind,
            deployment,
            workflows,
            _Ground(replayer=replayer, before=before, facts=course.facts, tell=tell),
        )
        for number, (kind, deployment) in enumerate(course.events, 1)
    )
    return platform, events, tuple(dict.fromkeys((*unknown, *first.unknown)))


class _Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What every event stands on: the server, what was there before the first one, and who hears of it."""

    replayer: Replayer
    before: frozenset[ObjectId]
    facts: Facts
    tell: Tell


def _event(
    number: int, kind: EventKind, deployment: Deployment, workflows: Workflows, ground: _Ground
) -> RehearsedEvent:
    started = time.monotonic()
    done = workflows.deploy(deployment) if kind.deploys else workflows.tear_down(deployment)
    steps = []
    for step in done:
        ground.tell(f"{number}. {kind.value}: {step.name} {step.state.value}")
        steps.append(step)
        if step.ends_the_job:
            break
    return RehearsedEvent(
        number=number,
        kind=kind,
        tag=deployment.tag if kind.deploys else "",
        steps=tuple(steps),
        workloads=_workloads(deployment, ground) if kind.deploys else (),
        leftovers=() if kind.deploys else _leftovers(ground),
        seconds=round(time.monotonic() - started, 3),
    )


def _prepare_server(course: Course, replayer: Replayer) -> Iterator[Unknown]:
    """Put there what the cluster has before anybody deploys."""
    objects = [msgspec.Raw(raw) for raw in course.facts.objects]
    result = replayer.call("create", {"objects": objects}, Entries)
    for entry in result.entries:
        if entry.action is Action.REJECTED:
            message = f"what stands for {entry.object.id} was refused: {entry.message}"
            yield Unknown(phase=Phase.HEAD, code="definition", object=entry.object.id, message=message)


def _settle(replayer: Replayer) -> None:
    replayer.call("settle", _SETTLE, dict)


def _workloads(deployment: Deployment, ground: _Ground) -> tuple[WorkloadVerdict, ...]:
    """What the controllers made of the chart."""
    _settle(ground.replayer)
    observation = ground.replayer.call("observe", {}, Observation)
    return workload_verdicts(observation, Phase.HEAD, _places(deployment), _world(ground.facts))


def _places(deployment: Deployment) -> dict[ObjectId, Placed]:
    found = {}
    for sent in deployment.release:
        place = sent.item.origin.position
        file, line = (place.file, place.line) if place else ("", 0)
        found[sent.item.id] = Placed(unit=sent.item.origin.unit, file=file, line=line)
    return found


def _world(facts: Facts) -> World:
    return World(
        made_up_nodes="nodes" in facts.made_up,
        made_up_classes="storage-classes" in facts.made_up,
        made_up_ingress_classes="ingress-classes" in facts.made_up,
        ingress_classes=frozenset(facts.classes.get("ingress-classes", ())),
    )


def _there(replayer: Replayer) -> frozenset[ObjectId]:
    stored = replayer.call("inventory", {}, _Inventory).objects
    return frozenset(item.object.id for item in stored)


def _leftovers(ground: _Ground) -> tuple[ObjectId, ...]:
    """What is there that was not there before; volumes go a moment after their claims."""
    until = time.monotonic() + _LEFTOVER_PATIENCE
    found = _there(ground.replayer) - ground.before
    while found and time.monotonic() < until:
        time.sleep(0.2)
        found = _there(ground.replayer) - ground.before
    return tuple(sorted(found))


def summary_of(events: Sequence[RehearsedEvent], seconds: float) -> PreviewSummary:
    """Counts over all events."""
    steps = [step for event in events for step in event.steps]
    actions = Counter(entry.action.value for step in steps for entry in step.entries)
    return PreviewSummary(
        events=len(events),
        actions=dict(sorted(actions.items())),
        refused=sum(step.state == "refused" for step in steps),
        failed=sum(step.state == "failed" for step in steps),
        troubled=sum(len(event.troubled) for event in events),
        drift=sum(len(event.drift) for event in events),
        leftovers=sum(len(event.leftovers) for event in events),
        missing=merged(rule for step in steps for rule in step.missing),
        seconds=round(seconds, 3),
    )
