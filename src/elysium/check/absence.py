"""Whether it is certain that an object which another one needs will not be there.

Git does not hold everything: operators and jobs make Secrets and Services, charts that are not known make anything,
people add what must not be committed. Who cannot exclude all of them says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.consumers import READ_GROUPS, Use
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject, Unit, UnitKind, UnitState

__all__ = ["certain", "complete", "namespace_is_known", "spoken_of", "vouched"]

_BUILT_IN = frozenset(
    {"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"}
    | {"apiextensions.k8s.io", "admissionregistration.k8s.io", "scheduling.k8s.io", "node.k8s.io"}
    | {"apiregistration.k8s.io", "coordination.k8s.io", "discovery.k8s.io"}
)
_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")
_OF_FLUX = {
    "Service": ("source-controller", "notification-controller", "webhook-receiver", "source-watcher"),
    "Secret": ("flux-system",),
}
_COPIERS = (b"reflector.v1.k8s.emberstack.com/", b"replicator.v1.mittwald.de/", b"kyverno.io/")
_MAKING = ("ClusterExternalSecret", "PushSecret", "Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")
"""Kinds of understood groups that make more than is said of them."""

_WRITING = {"create", "update", "patch", "*"}


def certain(context: Context, use: Use) -> bool:
    """Whether nothing that is known, and nothing that could be unknown, makes what `use` names."""
    cluster = use.item.origin.unit.cluster
    known: dict[tuple[str, str], bool] = context.__dict__.setdefault("absence", {})
    key = (cluster, str(use))
    if key not in known:
        known[key] = not (
            vouched(context, cluster, str(use))
            or _outside(use)
            or _unfinished(context, cluster, use)
            or _mentioned(context.objects[cluster], use)
        )
    return known[key]


def vouched(context: Context, cluster: str, reference: str) -> bool:
    """Whether the settings say that it exists outside Git (`Kind/namespace/name`)."""
    own = context.settings.cluster.get(cluster)
    return reference in context.settings.external or (own is not None and reference in own.external)


def complete(context: Context, cluster: str) -> bool:
    """Whether everything that the repository says of a cluster could be rendered."""
    return not any(True for _ in _open_units(context, cluster))


def namespace_is_known(context: Context, cluster: str, namespace: str) -> bool:
    """Whether all objects of a namespace were rendered, so that what is not among them is not there."""
    if namespace in _SYSTEM or f"Namespace/{namespace}" in context.settings.external:
        return False
    for unit in _open_units(context, cluster):
        if unit.id.kind is not UnitKind.HELM_RELEASE or namespace in _targets(context, unit):
            return False
    return not _is_of_flux(context, cluster, namespace)


def _is_of_flux(context: Context, cluster: str, namespace: str) -> bool:
    """Whether Flux runs in a namespace, put there by `flux bootstrap` or the Flux Operator and not by a manifest."""
    if not any(
        unit.id.kind is UnitKind.KUSTOMIZATION and unit.id.namespace == namespace for unit in context.units_of(cluster)
    ):
        return False
    return not context.objects[cluster].find("apps", "Deployment", namespace, "kustomize-controller")


def spoken_of(index: ObjectIndex, namespace: str | None, words: Iterable[str]) -> bool:
    """Whether a custom object of a namespace (any when None) has one of these texts: it may make pods with them."""
    needles = [f'"{word}"'.encode() for word in words]
    return any(needle in item.raw for item in _speaking(index, namespace) for needle in needles)


def _outside(use: Use) -> bool:
    """What the cluster brings along, and what `flux bootstrap` makes."""
    if use.namespace in _SYSTEM or str(use) == "Service/default/kubernetes":
        return True
    return use.name in _OF_FLUX.get(use.kind, ())


def _open_units(context: Context, cluster: str) -> Iterator[Unit]:
    for unit in context.units_of(cluster):
        if unit.state in (UnitState.FAILED, UnitState.UNKNOWN):
            yield unit


def _unfinished(context: Context, cluster: str, use: Use) -> bool:
    for unit in _open_units(context, cluster):
        match unit.id.kind:
            case UnitKind.RESOURCE_SET:
                return True
            case UnitKind.HELM_RELEASE:
                if not use.namespace or use.namespace in _targets(context, unit):
                    return True
            case UnitKind.KUSTOMIZATION:
                if _might_build(context, unit, use):
                    return True
    return False


def _might_build(context: Context, unit: Unit, use: Use) -> bool:
    """A Kustomization whose files are here can only build what they, or those of its children, speak of."""
    files = reachable(context, unit)
    if not files or any(name == use.name for _, name in context.declared):
        return True
    return any(use.name in context.text(file) for file in files)


def _targets(context: Context, unit: Unit) -> set[str]:
    """Where a release puts its objects."""
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    target = mapping(index.body(holder).get("spec")).get("targetNamespace") if holder else None
    return {str(target)} if target else {unit.id.namespace}


def _mentioned(index: ObjectIndex, use: Use) -> bool:
    """Whether an object that can make others, or tells somebody to, speaks of the name."""
    needle = f'"{use.name}"'.encode()
    if any(needle in item.raw for item in _speaking(index)):
        return True
    if any(_named_after(item, use.name) for item in _speaking(index, use.namespace)):
        return True
    if use.kind not in ("Secret", "ConfigMap", "PersistentVolumeClaim", "Service", "ServiceAccount"):
        return False
    return _copied(index, use) or _written_by_role(index, use) or _told(index, use.name)


def _named_after(item: RenderedObject, name: str) -> bool:
    """Operators name what they make after the object, some with its kind before it, or `KIND-operated`."""
    kind = item.kind.lower()
    return name in (item.name, f"{kind}-operated") or name.startswith((f"{item.name}-", f"{kind}-{item.name}"))


def _speaking(index: ObjectIndex, namespace: str | None = None) -> list[RenderedObject]:
    """Custom objects that are not understood: their controllers may make what they name, or name it after them.

    With a namespace, those of it and those of the cluster.
    """
    found: list[RenderedObject] | None = index.__dict__.get("speaking")
    if found is None:
        understood = _BUILT_IN | READ_GROUPS
        found = [
            item
            for (group, kind), items in index.kinds.items()
            if group not in understood or kind in _MAKING
            for item in items
        ]
        index.__dict__["speaking"] = found
    return found if namespace is None else [item for item in found if item.namespace in ("", namespace)]


def _copied(index: ObjectIndex, use: Use) -> bool:
    return any(
        any(mark in item.raw for mark in _COPIERS) for item in index.of_kind("", use.kind) if item.name == use.name
    )


def _written_by_role(index: ObjectIndex, use: Use) -> bool:
    """Whether somebody has the right to write an object of just this name."""
    for kind in ("Role", "ClusterRole"):
        for item in index.of_kind("rbac.authorization.k8s.io", kind):
            for rule in sequence(index.body(item).get("rules") if use.name.encode() in item.raw else None):
                named = use.name in sequence(mapping(rule).get("resourceNames"))
                if named and not _WRITING.isdisjoint(_texts(mapping(rule).get("verbs"))):
                    return True
    return False


def _told(index: ObjectIndex, name: str) -> bool:
    """Whether a container, or a script with kubectl in it, is given the name."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    needle = name.encode()
    if any(needle in item.raw and b"kubectl" in item.raw for item in index.of_kind("", "ConfigMap")):
        return True
    for workload in workloads(index):
        if needle not in workload.item.raw:
            continue
        for container in workload.containers:
            given = (
                *_texts(container.body.get("command")),
                *_texts(container.body.get("args")),
                *(str(mapping(entry).get("value") or "") for entry in sequence(container.body.get("env"))),
            )
            if any(word.search(text) for text in given):
                return True
    return False


def _texts(value: Any) -> list[str]:
    return [entry for entry in sequence(value) if isinstance(entry, str)]
