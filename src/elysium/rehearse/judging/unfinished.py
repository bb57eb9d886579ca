"""Workloads on which nothing can be said: too many Pods to simulate, or still on their way when the rehearsal ended."""

from __future__ import annotations

from collections.abc import Container, Iterator

from elysium.cluster.protocol import Observation, Workload
from elysium.model import ObjectId
from elysium.rehearse.types import Phase, Unknown

__all__ = ["is_bounded", "unfinished"]

_BOUND = "a rehearsal simulates no more Pods"  # what controlplane/internal/components/pods.go answers
_NAMED = 3


def is_bounded(workload: Workload) -> bool:
    """Whether its Pods were refused by the rehearsal itself, of which the real cluster knows nothing."""
    return _BOUND in workload.failure


def unfinished(observation: Observation, judged: Container[ObjectId], phase: Phase) -> Iterator[Unknown]:
    """What keeps unjudged workloads from being judged, where no Pod of theirs says so itself."""
    told = {(pod.owner or pod.object).id for pod in observation.pods if not pod.scheduled and pod.message}
    short = [item for item in observation.workloads if item.ready < item.wanted and item.object.id not in judged]
    bounded = [item for item in short if is_bounded(item)]
    on_their_way = [item for item in short if item not in bounded and item.object.id not in told]
    if bounded:
        message = f"{_named(bounded)}: more Pods than a rehearsal simulates, so whether all find a place is not known"
        yield Unknown(phase=phase, code="unsettled", message=message)
    if on_their_way:
        message = f"{_named(on_their_way)}: still on the way when the rehearsal stopped waiting, so not judged"
        yield Unknown(phase=phase, code="unsettled", message=message)


def _named(workloads: list[Workload]) -> str:
    named = ", ".join(f"{item.object.id} ({item.ready} of {item.wanted})" for item in workloads[:_NAMED])
    return named + (f" and {len(workloads) - _NAMED} more" if len(workloads) > _NAMED else "")
