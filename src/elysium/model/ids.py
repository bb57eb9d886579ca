"""How things are named: objects, units of reconciliation, places in files."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["ObjectId", "Position", "UnitId", "UnitKind"]


class UnitKind(StrEnum):
    """What Flux reconciles into objects. The value is the Kubernetes kind."""

    KUSTOMIZATION = "Kustomization"
    HELM_RELEASE = "HelmRelease"
    RESOURCE_SET = "ResourceSet"

    @property
    def short(self) -> str:
        """The prefix used on the command line: `ks/flux-system/apps`."""
        return _SHORT[self]


_SHORT = {UnitKind.KUSTOMIZATION: "ks", UnitKind.HELM_RELEASE: "hr", UnitKind.RESOURCE_SET: "rs"}


class UnitId(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A unit of reconciliation inside one cluster; `cluster` is the cluster's directory (`clusters/kyrion`)."""

    cluster: str
    kind: UnitKind
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind.short}/{self.namespace}/{self.name}"


class ObjectId(msgspec.Struct, frozen=True, order=True, array_like=True):
    """The identity of a Kubernetes object in a cluster. Versions of one group share their objects, so none is part of
    it.
    """

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a file of the repository: path relative to its root, line from 1 (0: the file as a whole)."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file
