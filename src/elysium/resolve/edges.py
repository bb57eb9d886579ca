"""The graph of a finished render: units, sources, and the ConfigMaps and Secrets that they read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.model import ObjectId, Render, RenderedObject, UnitId, UnitKind, group_of
from elysium.resolve.graph import Edge, EdgeKind, Graph, Node
from elysium.sealing import produced_secret
from elysium.sealing.produced import PRODUCERS

__all__ = ["graph_of"]

_FLUX_GROUPS = ("toolkit.fluxcd.io", "fluxcd.controlplane.io")
_UNIT_KINDS = {kind.value: kind for kind in UnitKind}

_SECRETS = (
    "secretRef",
    "certSecretRef",
    "proxySecretRef",
    "verify.secretRef",
    "kubeConfig.secretRef",
    "decryption.secretRef",
)
"""Where the kinds of Flux name a Secret in their spec."""

_REFERENCES: dict[str, tuple[tuple[EdgeKind, str, str], ...]] = {
    "Kustomization": ((EdgeKind.SOURCE, "sourceRef", ""),),
    "HelmRelease": ((EdgeKind.SOURCE, "chart.spec.sourceRef", ""), (EdgeKind.CHART, "chartRef", "")),
    "HelmChart": ((EdgeKind.SOURCE, "sourceRef", ""),),
    "ImagePolicy": ((EdgeKind.REFERENCE, "imageRepositoryRef", "ImageRepository"),),
    "ImageUpdateAutomation": ((EdgeKind.SOURCE, "sourceRef", ""),),
    "Alert": ((EdgeKind.REFERENCE, "providerRef", "Provider"),),
}
"""For each kind: kind of edge, field of the spec, and kind of the target where the field names none."""

_LISTS: dict[str, tuple[tuple[EdgeKind, str, str, str], ...]] = {
    "Kustomization": (
        (EdgeKind.SUBSTITUTE_FROM, "postBuild.substituteFrom", "", ""),
        (EdgeKind.REFERENCE, "healthChecks", "", ""),
    ),
    "HelmRelease": ((EdgeKind.VALUES_FROM, "valuesFrom", "", ""),),
    "ResourceSet": ((EdgeKind.REFERENCE, "inputsFrom", "", "ResourceSetInputProvider"),),
    "GitRepository": ((EdgeKind.REFERENCE, "include", "repository", "GitRepository"),),
    "Alert": ((EdgeKind.REFERENCE, "eventSources", "", ""),),
    "Receiver": ((EdgeKind.REFERENCE, "resources", "", ""),),
}
"""The same for lists; the third is the field of an item that holds the reference."""


def graph_of(render: Render) -> Graph:
    """Nodes and edges of every cluster, from the objects as they were rendered."""
    nodes: dict[tuple[str, str], Node] = {}
    edges: set[Edge] = set()
    for cluster in render.clusters:
        builder = _Builder(cluster, render)
        nodes.update(builder.nodes)
        edges.update(builder.edges)
    return Graph(nodes=tuple(sorted(nodes.values())), edges=tuple(sorted(edges)))


class _Builder:
    def __init__(self, cluster: str, render: Render) -> None:
        self.cluster = cluster
        self.nodes: dict[tuple[str, str], Node] = {}
        self.edges: list[Edge] = []
        self._units = [unit for unit in render.units if unit.id.cluster == cluster]
        known = {item.id for unit in self._units for item in unit.objects} | set(self._produced())
        self._present = {(identity.kind, identity.namespace, identity.name) for identity in known}
        self._draw_units()
        for item in self._flux_objects():
            self._references(item)

    def _draw_units(self) -> None:
        units = {unit.id for unit in self._units}
        for unit in self._units:
            self._node(str(unit.id), unit.id.kind.value, unit.state.value)
            if unit.parent is not None:
                self._edge(str(unit.parent), str(unit.id), EdgeKind.CREATES)
            for needed in unit.depends_on:
                self._edge(str(unit.id), str(needed), EdgeKind.DEPENDS_ON, missing=needed not in units)
                if needed not in units:
                    self._node(str(needed), needed.kind.value)

    def _produced(self) -> Iterator[ObjectId]:
        for unit in self._units:
            for item in unit.objects:
                if (group_of(item.api_version), item.kind) in PRODUCERS:
                    made = produced_secret(group_of(item.api_version), item.kind, item.body())
                    if made is not None:
                        yield ObjectId("", "Secret", made.namespace, made.name)

    def _flux_objects(self) -> Iterator[RenderedObject]:
        for unit in self._units:
            yield from (item for item in unit.objects if group_of(item.api_version).endswith(_FLUX_GROUPS))

    def _node(self, identity: str, kind: str, state: str = "") -> None:
        key = (self.cluster, identity)
        if key not in self.nodes or state:
            self.nodes[key] = Node(cluster=self.cluster, id=identity, kind=kind, state=state)

    def _edge(self, source: str, target: str, kind: EdgeKind, *, missing: bool = False, optional: bool = False) -> None:
        edge = Edge(cluster=self.cluster, source=source, target=target, kind=kind, missing=missing, optional=optional)
        self.edges.append(edge)

    def _references(self, item: RenderedObject) -> None:
        body = item.body()
        spec = body.get("spec") if isinstance(body.get("spec"), dict) else {}
        source = self._name(item.kind, item.namespace, item.name)
        self._node(source, item.kind, self._state(source))
        for kind, reference, default in _read(item.kind, spec or {}):
            self._refer(source, item.namespace, kind, reference, default)

    def _state(self, identity: str) -> str:
        known = self.nodes.get((self.cluster, identity))
        return known.state if known else ""

    def _refer(self, source: str, namespace: str, kind: EdgeKind, reference: dict[str, Any], default: str) -> None:
        target_kind = str(reference.get("kind") or default)
        target_namespace = str(reference.get("namespace") or namespace)
        name = str(reference.get("name") or "")
        if not name:
            return
        target = self._name(target_kind, target_namespace, name)
        exists = name == "*" or (target_kind, target_namespace, name) in self._present
        self._node(target, target_kind)
        self._edge(source, target, kind, missing=not exists, optional=reference.get("optional") is True)

    def _name(self, kind: str, namespace: str, name: str) -> str:
        if kind in _UNIT_KINDS:
            return str(UnitId(self.cluster, _UNIT_KINDS[kind], namespace, name))
        return f"{kind}/{namespace}/{name}"


def _read(kind: str, spec: dict[str, Any]) -> Iterator[tuple[EdgeKind, dict[str, Any], str]]:
    for edge, field, default in _REFERENCES.get(kind, ()):
        yield edge, _mapping(_at(spec, field)), default
    for field in _SECRETS:
        yield EdgeKind.REFERENCE, _mapping(_at(spec, field)), "Secret"
    for edge, field, inner, default in _LISTS.get(kind, ()):
        for item in _mappings(_at(spec, field)):
            if field != "healthChecks" or _is_flux(item):
                yield edge, _mapping(_at(item, inner)), default


def _is_flux(reference: dict[str, Any]) -> bool:
    return group_of(str(reference.get("apiVersion") or "")).endswith(_FLUX_GROUPS)


def _at(value: object, path: str) -> object:
    for name in path.split(".") if path else ():
        value = _mapping(value).get(name)
    return value


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
