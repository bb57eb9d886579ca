"""The objects of Flux in a cluster, with what their specifications have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.kit import durations
from elysium.model import Finding, RenderedObject, UnitKind, UnitState

__all__ = [
    "HELM",
    "KUSTOMIZE",
    "NOTIFICATION",
    "SOURCE",
    "FluxObject",
    "all_known",
    "as_habit",
    "flux_objects",
    "group_of_kind",
]

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM = "helm.toolkit.fluxcd.io"
SOURCE = "source.toolkit.fluxcd.io"
IMAGE = "image.toolkit.fluxcd.io"
NOTIFICATION = "notification.toolkit.fluxcd.io"

_GROUPS = {
    "Kustomization": KUSTOMIZE,
    "HelmRelease": HELM,
    "GitRepository": SOURCE,
    "OCIRepository": SOURCE,
    "HelmRepository": SOURCE,
    "HelmChart": SOURCE,
    "Bucket": SOURCE,
    "ImageRepository": IMAGE,
    "ImagePolicy": IMAGE,
    "ImageUpdateAutomation": IMAGE,
}

_FEW = 5


class FluxObject(msgspec.Struct, frozen=True, kw_only=True):
    """An object of Flux with its specification."""

    item: RenderedObject
    index: ObjectIndex
    spec: dict[str, Any]

    @property
    def kind(self) -> str:
        return self.item.kind

    @property
    def is_remote(self) -> bool:
        """Whether it works on another cluster than the one that it stands in."""
        return bool(self.spec.get("kubeConfig"))

    def seconds(self, field: str) -> int | None:
        """A duration of the specification; None where it is not there or unknown."""
        value = self.spec.get(field)
        return durations.seconds(value) if isinstance(value, str) else None


def flux_objects(context: Context, *kinds: str) -> Iterator[FluxObject]:
    """The objects of these kinds in every cluster, kind by kind."""
    for index in context.objects.values():
        for kind in kinds:
            for item in index.of_kind(_GROUPS[kind], kind):
                yield FluxObject(item=item, index=index, spec=mapping(index.body(item).get("spec")))


def group_of_kind(kind: str) -> str:
    """The API group of a kind of Flux; empty for one that is not Flux's."""
    return _GROUPS.get(kind, "")


def all_known(context: Context, cluster: str) -> bool:
    """Whether every object of Flux in a cluster is known: nothing that could make one is failed or unknown."""
    unfinished = (UnitState.FAILED, UnitState.UNKNOWN)
    makers = (unit for unit in context.units_of(cluster) if unit.id.kind is not UnitKind.HELM_RELEASE)
    return not context.partial and not any(unit.state in unfinished for unit in makers)


def as_habit(
    flagged: Sequence[FluxObject], candidates: int, finding: Callable[[FluxObject], Finding]
) -> Iterator[Finding]:
    """What most objects of a repository leave out is one finding, with the others counted: it is one decision."""
    if len(flagged) > _FEW and 2 * len(flagged) > candidates:
        yield msgspec.structs.replace(finding(flagged[0]), folded=len(flagged) - 1)
    else:
        yield from map(finding, flagged)
