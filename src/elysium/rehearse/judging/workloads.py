"""What became of the workloads, claims and ingresses of a phase, one verdict each, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from elysium.cluster.protocol import Action, Entry, Observation, Pod, Reference, Workload
from elysium.model import ObjectId
from elysium.rehearse.judging.claims import claim_verdicts
from elysium.rehearse.judging.refusals import judge
from elysium.rehearse.judging.scheduling import is_about_claims, is_about_nodes, obstacle_of, scheduling_hint
from elysium.rehearse.judging.serving import ingress_verdicts
from elysium.rehearse.judging.unfinished import is_bounded
from elysium.rehearse.judging.world import Placed, Places, World
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict
from elysium.sealing import is_opaque

__all__ = ["Placed", "World", "workload_verdicts"]

_PREFIX = re.compile(
    r"^(?:\(combined from similar events\): )?(?:Error creating: |create Pod \S+ in \S+ \S+ failed error: )?"
    r"(?:pods? \"[^\"]*\" is (?:forbidden|invalid): )?",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"is forbidden|is invalid|Error creating|failed error|failed calling webhook|denied the request")


def workload_verdicts(
    observation: Observation, phase: Phase, places: Places, world: World
) -> tuple[WorkloadVerdict, ...]:
    """One verdict for each workload that is ready or never will be, each claim and ingress that nobody serves.

    What is only on its way, and what depends on nodes or classes that nobody declared, is not judged. Without
    controllers nothing is.
    """
    if not world.controllers:
        return ()
    found = [
        *_of_workloads(observation, phase, world),
        *claim_verdicts(observation, phase, world),
        *ingress_verdicts(observation, phase, world),
    ]
    # A name that only the cluster knows may be there after all.
    known = [_placed(item, places) for item in found if not is_opaque(item.message)]
    return tuple(sorted(known, key=lambda item: (item.object, item.state)))


def _placed(verdict: WorkloadVerdict, places: Places) -> WorkloadVerdict:
    place = places.get(verdict.object)
    if place is None:
        return verdict
    return msgspec.structs.replace(verdict, unit=place.unit, file=place.file, line=place.line)


def _of_workloads(observation: Observation, phase: Phase, world: World) -> Iterable[WorkloadVerdict]:
    waiting = _unscheduled(observation.pods)
    owners = {item.object.id: item for item in observation.workloads}
    # A Pod of nobody is its own workload.
    alone = {pod.object.id: _alone(pod) for pod in observation.pods if pod.owner is None and not pod.job}
    for identity, workload in {**owners, **alone}.items():
        verdict = _judged(workload, waiting.get(identity, ()), phase, world)
        if verdict is not None:
            yield verdict


def _alone(pod: Pod) -> Workload:
    return Workload(object=pod.object, wanted=1, ready=int(pod.ready or pod.phase == "Succeeded"))


def _unscheduled(pods: Iterable[Pod]) -> Mapping[ObjectId, tuple[Pod, ...]]:
    found: dict[ObjectId, tuple[Pod, ...]] = {}
    for pod in pods:
        if not pod.scheduled and pod.message:
            owner = (pod.owner or pod.object).id
            found[owner] = (*found.get(owner, ()), pod)
    return found


def _judged(workload: Workload, waiting: tuple[Pod, ...], phase: Phase, world: World) -> WorkloadVerdict | None:
    if is_bounded(workload):
        return None
    if workload.failure:
        return _failed(workload, phase)
    stuck = [pod for pod in waiting if not is_about_claims(pod.message)]
    if world.made_up_nodes:
        stuck = [pod for pod in stuck if not is_about_nodes(pod.message)]
    if stuck:
        return _unschedulable(workload, stuck, phase, world)
    if waiting or workload.ready < workload.wanted or workload.object.kind == "CronJob":
        return None
    return WorkloadVerdict(
        phase=phase,
        object=workload.object.id,
        state=WorkloadState.READY,
        wanted=workload.wanted,
        ready=workload.ready,
    )


def _failed(workload: Workload, phase: Phase) -> WorkloadVerdict:
    refused = _REFUSAL.search(workload.failure) is not None
    refusal = judge(_entry(workload), opaque=False)
    return WorkloadVerdict(
        phase=phase,
        object=workload.object.id,
        state=WorkloadState.REFUSED if refused else WorkloadState.NEVER_READY,
        message=_PREFIX.sub("", workload.failure),
        hint=refusal.hint if refused else "",
        cause=refusal.cause if refused else "other",
        wanted=workload.wanted,
        ready=workload.ready,
    )


def _entry(workload: Workload) -> Entry:
    """The refusal of a Pod, as the answer to whoever would have created it himself."""
    pod = Reference(version="v1", kind="Pod", namespace=workload.object.namespace, name=workload.object.name)
    return Entry(object=pod, action=Action.REJECTED, message=workload.failure, reason="Forbidden", code=403)


def _unschedulable(workload: Workload, stuck: list[Pod], phase: Phase, world: World) -> WorkloadVerdict:
    # Pods of one workload are alike; where they differ the most frequent reason speaks for all.
    reasons = [obstacle_of(pod.message) for pod in stuck]
    message = max(sorted(set(reasons)), key=reasons.count)
    return WorkloadVerdict(
        phase=phase,
        object=workload.object.id,
        state=WorkloadState.UNSCHEDULABLE,
        message=message,
        hint=scheduling_hint(message, world.nodes),
        wanted=workload.wanted,
        ready=workload.ready,
    )
