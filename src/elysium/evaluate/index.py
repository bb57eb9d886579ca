"""The objects of one cluster, found by what they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from elysium.model import ObjectId, RenderedObject, Unit, UnitId, UnitKind, group_of
from elysium.sealing import ProducedSecret, produced_secret

__all__ = ["GROUPS", "ObjectIndex"]

GROUPS = {
    UnitKind.KUSTOMIZATION: "kustomize.toolkit.fluxcd.io",
    UnitKind.HELM_RELEASE: "helm.toolkit.fluxcd.io",
    UnitKind.RESOURCE_SET: "fluxcd.controlplane.io",
}
"""The API group of each kind of unit."""

_SECRET_GROUPS = {"bitnami.com", "external-secrets.io", "cert-manager.io", "onepassword.com"}


class ObjectIndex:
    """Everything that the units of one cluster make. Bodies are decoded once, when somebody looks."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        self._bodies: dict[int, dict[str, Any]] = {}
        self._names: dict[tuple[str, str], dict[str, set[str]]] = {}

    @cached_property
    def by_id(self) -> dict[ObjectId, list[RenderedObject]]:
        """Objects by identity; more than one where several units build the same."""
        found: dict[ObjectId, list[RenderedObject]] = {}
        for unit in self.units:
            for item in unit.objects:
                found.setdefault(item.id, []).append(item)
        return found

    @cached_property
    def produced(self) -> dict[tuple[str, str], list[tuple[ProducedSecret, RenderedObject]]]:
        """Secrets to come, by namespace and name, with the object that a controller makes each from."""
        found: dict[tuple[str, str], list[tuple[ProducedSecret, RenderedObject]]] = {}
        for identity, items in self.by_id.items():
            if identity.group not in _SECRET_GROUPS:
                continue
            for item in items:
                secret = produced_secret(identity.group, identity.kind, self.body(item))
                if secret:
                    found.setdefault((secret.namespace, secret.name), []).append((secret, item))
        return found

    def body(self, item: RenderedObject) -> dict[str, Any]:
        """The decoded object; not to be changed."""
        if id(item) not in self._bodies:
            self._bodies[id(item)] = item.body()
        return self._bodies[id(item)]

    def find(self, group: str, kind: str, namespace: str, name: str) -> list[RenderedObject]:
        """The objects of an identity."""
        return self.by_id.get(ObjectId(group, kind, namespace, name), [])

    def definition(self, unit: UnitId) -> RenderedObject | None:
        """The object that defines a unit, as the cluster would have it; None for a root that no file contains."""
        found = self.find(GROUPS[unit.kind], unit.kind.value, unit.namespace, unit.name)
        return found[0] if found else None

    @cached_property
    def kinds(self) -> dict[tuple[str, str], list[RenderedObject]]:
        """Objects by API group and kind, in the order of units."""
        found: dict[tuple[str, str], list[RenderedObject]] = {}
        for unit in self.units:
            for item in unit.objects:
                found.setdefault((group_of(item.api_version), item.kind), []).append(item)
        return found

    def of_kind(self, group: str, kind: str) -> list[RenderedObject]:
        """Every object of a kind, in the order of units."""
        return self.kinds.get((group, kind), [])

    def names(self, group: str, kind: str, namespace: str) -> set[str]:
        """The names of the objects of a kind in a namespace, or in all of them when it is empty; not to be changed."""
        if (group, kind) not in self._names:
            found: dict[str, set[str]] = {}
            for item in self.of_kind(group, kind):
                for place in {item.namespace, ""}:
                    found.setdefault(place, set()).add(item.name)
            self._names[group, kind] = found
        return self._names[group, kind].get(namespace, set())
