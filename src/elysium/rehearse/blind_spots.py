"""What a rehearsal cannot see although the server accepts it: images that nobody pulls, controllers that do not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject, group_of
from elysium.rehearse.scenario import Scenario
from elysium.rehearse.types import Unknown

__all__ = ["blind_spots"]

_POD_KINDS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob")
_OWN_GROUPS = (".toolkit.fluxcd.io", ".k8s.io", "fluxcd.controlplane.io")
_BUILT_IN = ("", "apps", "batch", "autoscaling", "policy", "extensions")
_NAMED = 6


def blind_spots(scenario: Scenario) -> Iterator[Unknown]:
    """One entry for the images of Pods, and one for the custom resources whose controllers do not run here."""
    items = [sent.item for part in scenario.parts.values() for sent in part.objects]
    images = {image for item in items if item.kind in _POD_KINDS for image in _images(item.body())}
    if images:
        message = f"{len(images)} images are not pulled: whether they exist and run is not known"
        yield Unknown(phase=scenario.phase, code="images", message=message)
    kinds = Counter(item.kind for item in items if _is_custom(item))
    if kinds:
        yield Unknown(phase=scenario.phase, code="readiness", message=_unmade(kinds))


def _unmade(kinds: Counter[str]) -> str:
    more = f" and {len(kinds) - _NAMED} more kinds" if len(kinds) > _NAMED else ""
    named = ", ".join(sorted(kinds)[:_NAMED]) + more
    return (
        f"{kinds.total()} objects ({named}) are accepted, but their controllers do not run: what they make is unknown"
    )


def _is_custom(item: RenderedObject) -> bool:
    group = group_of(item.api_version)
    return group not in _BUILT_IN and not group.endswith(_OWN_GROUPS)


def _images(body: Any) -> Iterator[str]:
    """Every image of a Pod or of what makes Pods, wherever its template is."""
    for name, value in mapping(body).items():
        if name in ("containers", "initContainers"):
            yield from (str(mapping(entry).get("image")) for entry in sequence(value) if mapping(entry).get("image"))
        elif name in ("spec", "template", "jobTemplate"):
            yield from _images(value)
