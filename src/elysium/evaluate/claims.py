"""Claims on storage: PersistentVolumeClaims, and those that StatefulSets and ephemeral volumes make for their pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.demand import Amounts, quantities
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, Workload, mapping, sequence, workloads
from elysium.model import RenderedObject

__all__ = ["Claim", "claims", "claims_of_pod", "default_class", "mounted_claims"]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One claim, or one for each pod of a workload (`owner`). `spec` is that of a PersistentVolumeClaim."""

    item: RenderedObject
    name: str
    spec: dict[str, Any]
    path: Path
    owner: Workload | None = None

    @property
    def access_modes(self) -> tuple[str, ...]:
        """How it can be mounted: `ReadWriteOnce` and so on."""
        return tuple(str(mode) for mode in sequence(self.spec.get("accessModes")))

    @property
    def requests(self) -> Amounts:
        """How much storage it asks for."""
        return quantities(mapping(self.spec.get("resources")).get("requests"))[0]

    @property
    def storage_class(self) -> str | None:
        """The StorageClass; None when the cluster's default is meant."""
        value = self.spec.get("storageClassName")
        return value if isinstance(value, str) else None


def claims(index: ObjectIndex) -> tuple[Claim, ...]:
    """Every claim of a cluster. Computed once for an index."""
    found: tuple[Claim, ...] | None = index.__dict__.get("claims")
    if found is None:
        found = tuple(_claims(index))
        index.__dict__["claims"] = found
    return found


def _claims(index: ObjectIndex) -> Iterator[Claim]:
    for item in index.of_kind("", "PersistentVolumeClaim"):
        yield Claim(item=item, name=item.name, spec=mapping(index.body(item).get("spec")), path=("spec",))
    for workload in workloads(index):
        yield from claims_of_pod(workload)


def claims_of_pod(workload: Workload) -> Iterator[Claim]:
    """The claims that are made anew for each pod of a workload."""
    if workload.item.kind == "StatefulSet":
        templates = mapping(workload.body.get("spec")).get("volumeClaimTemplates")
        for number, template in enumerate(sequence(templates)):
            path: Path = ("spec", "volumeClaimTemplates", number, "spec")
            yield _claim(workload, mapping(template), path)
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        template = mapping(mapping(volume).get("ephemeral")).get("volumeClaimTemplate")
        if isinstance(template, dict):
            path = (*workload.spec_path, "volumes", number, "ephemeral", "volumeClaimTemplate", "spec")
            yield _claim(workload, template, path)


def _claim(workload: Workload, template: dict[str, Any], path: Path) -> Claim:
    name = str(mapping(template.get("metadata")).get("name") or "")
    return Claim(item=workload.item, name=name, spec=mapping(template.get("spec")), path=path, owner=workload)


def mounted_claims(workload: Workload) -> Iterator[tuple[str, Path]]:
    """The names of the PersistentVolumeClaims that the pods of a workload share, each with its path."""
    for number, volume in enumerate(sequence(workload.spec.get("volumes"))):
        name = mapping(mapping(volume).get("persistentVolumeClaim")).get("claimName")
        if isinstance(name, str) and name:
            yield name, (*workload.spec_path, "volumes", number, "persistentVolumeClaim", "claimName")


def default_class(index: ObjectIndex) -> str | None:
    """The StorageClass that claims without one get, when Git says which it is."""
    for item in index.of_kind("storage.k8s.io", "StorageClass"):
        annotations = mapping(mapping(index.body(item).get("metadata")).get("annotations"))
        if annotations.get("storageclass.kubernetes.io/is-default-class") == "true":
            return item.name
    return None
