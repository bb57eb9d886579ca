"""What nothing deletes when Git no longer has it.

From the garbage collection of kustomize-controller (`spec.prune`, `spec.deletionPolicy`, the annotation
`kustomize.toolkit.fluxcd.io/prune`), from what `helm uninstall` leaves, and from StatefulSets, whose claims outlive
them.
"""

from __future__ import annotations

from typing import Any

from elysium.compare import Difference
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Render, RenderedObject, Unit, UnitId, UnitKind

__all__ = ["Pruning", "indexes", "spec_of"]

_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
_KEEP = "helm.sh/resource-policy"


class Pruning:
    """Who deletes the objects that one side has and the other has not."""

    def __init__(self, having: Render, lacking: Render) -> None:
        self.having = indexes(having)
        self._units = {unit.id: unit for unit in having.units}
        self._staying = {unit.id for unit in lacking.units}

    def kept(self, item: Difference) -> str:
        """Why an object that goes from Git stays in the cluster; empty when it is deleted."""
        made = item.after.item or item.before.item
        if made is None or not item.units:
            return ""
        if item.owner is not None:
            return self._kept_claim(item)
        return self._kept_object(made, item.units[0])

    def _kept_claim(self, item: Difference) -> str:
        index = self.having.get(item.cluster)
        found = index.by_id.get(item.owner, []) if index and item.owner else []
        policy = mapping(spec_of(found[0]).get("persistentVolumeClaimRetentionPolicy")) if found else {}
        if policy.get("whenDeleted") == "Delete":
            return ""
        return f"the claims of {item.owner} outlive it, with the data on them"

    def _kept_object(self, made: RenderedObject, maker: UnitId) -> str:
        annotations = mapping(mapping(made.body().get("metadata")).get("annotations"))
        if maker.kind is UnitKind.HELM_RELEASE:
            kept = _kept_by_helm(made, annotations)
        else:
            kept = self._kept_by_flux(maker, annotations)
        return kept or self._kept_with(maker)

    def _kept_by_flux(self, maker: UnitId, annotations: dict[str, Any]) -> str:
        if str(annotations.get(_PRUNE, "")).lower() == "disabled":
            return f"Flux is told to keep it ({_PRUNE}: disabled)"
        spec = self._spec(maker)
        if maker.kind is not UnitKind.KUSTOMIZATION or spec is None:
            return ""
        if maker not in self._staying and spec.get("deletionPolicy") == "Orphan":
            return f"{maker} orphans what it made when it is deleted (deletionPolicy: Orphan)"
        if maker not in self._staying and spec.get("deletionPolicy") in ("Delete", "WaitForTermination"):
            return ""
        return "" if spec.get("prune") is True else f"{maker} has no `prune: true`: it deletes nothing"

    def _kept_with(self, maker: UnitId) -> str:
        """Why the unit itself stays in the cluster although Git no longer has it."""
        unit: Unit | None = self._units.get(maker)
        if maker in self._staying or unit is None or unit.parent is None:
            return ""
        index = self.having.get(maker.cluster)
        definition = index.definition(maker) if index else None
        kept = self._kept_object(definition, unit.parent) if definition and unit.parent != maker else ""
        return f"{maker} stays: {kept}" if kept else ""

    def _spec(self, unit: UnitId) -> dict[str, Any] | None:
        """The specification of a unit; None for a root that no file contains."""
        index = self.having.get(unit.cluster)
        definition = index.definition(unit) if index else None
        return spec_of(definition) if definition else None


def indexes(render: Render) -> dict[str, ObjectIndex]:
    """The objects of each cluster, to be looked up."""
    return {
        cluster: ObjectIndex(unit for unit in render.units if unit.id.cluster == cluster) for cluster in render.clusters
    }


def spec_of(item: RenderedObject) -> dict[str, Any]:
    """The specification of an object; empty where it has none."""
    return mapping(item.body().get("spec"))


def _kept_by_helm(made: RenderedObject, annotations: dict[str, Any]) -> str:
    if str(annotations.get(_KEEP, "")).lower() == "keep":
        return f"Helm is told to keep it ({_KEEP}: keep)"
    if made.crd:
        return "Helm never deletes what stands in a chart's crds/"
    if made.hook is not None:
        return "it is a hook of its chart, which uninstalling leaves alone"
    return ""
