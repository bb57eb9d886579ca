"""Who might make something that is not among the rendered objects. A rule that cannot exclude it says nothing."""

from __future__ import annotations

from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.model import Unit, UnitKind, UnitState, group_of

__all__ = ["declaring_files", "may_be_made", "unfinished_makers"]

_BUILT_IN = {"", "apps", "batch", "autoscaling", "policy"}
_FLUX = (".toolkit.fluxcd.io", ".k8s.io")
_COPIERS = (b"reflector.v1.k8s.emberstack.com/", b"replicator.v1.mittwald.de/", b"kyverno.io/")


def declaring_files(context: Context, kind: str, name: str) -> list[str]:
    """The files that have an object of this kind and name, whatever its namespace."""
    if (kind, name) not in context.declared:
        return []
    return [
        file.path
        for file in context.documents.files
        if any(document.kind == kind and document.name == name for document in file.documents)
    ]


def unfinished_makers(context: Context, cluster: str, kind: str, name: str) -> list[Unit]:
    """The failed and unknown units that would make this if they could: its file is among theirs."""
    files = set(declaring_files(context, kind, name))
    if not files:
        return []
    return [unit for unit in _unfinished(context, cluster) if files & reachable(context, unit)]


def may_be_made(context: Context, unit: Unit, kind: str, namespace: str, name: str) -> bool:
    """Whether something that is not known offline may make an object that `unit` needs.

    A failed or unknown unit with its file, a release of the same namespace whose chart is not known, a ResourceSet,
    or a custom object that mentions the name: operators make Secrets in more ways than anybody can list.
    """
    cluster = unit.id.cluster
    if unfinished_makers(context, cluster, kind, name):
        return True
    failure = unit.failure
    if unit.state is UnitState.FAILED and failure and failure.reference and not failure.cause:
        wanted = failure.reference
        if (wanted.kind, wanted.namespace, wanted.name) == (kind, namespace, name):
            return False
    for other in _unfinished(context, cluster):
        if other.id == unit.id:
            continue
        if other.id.kind is UnitKind.RESOURCE_SET:
            return True
        if other.id.kind is UnitKind.HELM_RELEASE and namespace in _namespaces(context, other):
            return True
    return kind in ("ConfigMap", "Secret") and _mentioned(context, cluster, kind, name)


def _unfinished(context: Context, cluster: str) -> list[Unit]:
    return [unit for unit in context.units_of(cluster) if unit.state in (UnitState.FAILED, UnitState.UNKNOWN)]


def _namespaces(context: Context, unit: Unit) -> set[str]:
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    spec = index.body(holder).get("spec") if holder else None
    target = spec.get("targetNamespace") if isinstance(spec, dict) else None
    return {str(target)} if target else {unit.id.namespace}


def _mentioned(context: Context, cluster: str, kind: str, name: str) -> bool:
    needle = f'"{name}"'.encode()
    for unit in context.units_of(cluster):
        for item in unit.objects:
            if needle not in item.raw:
                continue
            group = group_of(item.api_version)
            custom = group not in _BUILT_IN and not group.endswith(_FLUX) and group != "fluxcd.controlplane.io"
            copied = item.kind == kind and item.name == name and any(mark in item.raw for mark in _COPIERS)
            if custom or copied:
                return True
    return False
