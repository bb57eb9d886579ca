"""Ingresses that no controller serves: without a class, or with one that nobody has."""

from __future__ import annotations

from collections.abc import Iterable

from elysium.cluster.protocol import Observation
from elysium.rehearse.judging.world import World
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict

__all__ = ["ingress_verdicts"]


def ingress_verdicts(observation: Observation, phase: Phase, world: World) -> Iterable[WorkloadVerdict]:
    """One verdict for each Ingress that is there and does nothing."""
    if world.made_up_ingress_classes:
        return
    classes = ", ".join(sorted(world.ingress_classes)) or "none"
    for ingress in observation.ingresses:
        name = ingress.ingress_class
        if name in world.ingress_classes:
            continue
        message = (
            f'no controller serves ingress class "{name}"' if name else "it has no ingress class, and none is default"
        )
        yield WorkloadVerdict(
            phase=phase,
            object=ingress.object.id,
            state=WorkloadState.UNSERVED,
            message=message,
            hint=f"set spec.ingressClassName to one that the cluster serves ({classes})",
        )
