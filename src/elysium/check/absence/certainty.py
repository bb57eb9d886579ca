"""Whether it is certain that an object which another one needs will not be there.

Git does not hold everything: operators and jobs make Secrets and Services, charts that are not known make anything,
people add what must not be committed. Who cannot exclude all of them says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from elysium.check.absence import resource_sets
from elysium.check.absence.by_hand import made_by_hand
from elysium.check.absence.speech import named_after, speaking
from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.evaluate import Container, ObjectIndex, workloads
from elysium.evaluate.consumers import Use
from elysium.evaluate.producers import products
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Unit, UnitKind, UnitState

__all__ = ["certain", "complete", "namespace_is_known", "spoken_of", "vouched"]

_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")
_OF_FLUX = {
    "Service": ("source-controller", "notification-controller", "webhook-receiver", "source-watcher"),
    "Secret": ("flux-system",),
    "ServiceAccount": (
        *("source-controller", "kustomize-controller", "helm-controller", "notification-controller"),
        *("image-reflector-controller", "image-automation-controller", "source-watcher", "flux-operator"),
    ),
}
_COPIERS = (b"reflector.v1.k8s.emberstack.com/", b"replicator.v1.mittwald.de/", b"kyverno.io/")
_WRITTEN = ("Secret", "ConfigMap", "PersistentVolumeClaim")
"""What jobs and controllers write by name."""

_APPLIES = re.compile(r"kubectl\b.*\bapply\b|\bhelm\b.*\b(install|upgrade)\b", re.DOTALL)
_WRITING = {"create", "update", "patch", "*"}


def certain(context: Context, use: Use) -> bool:
    """Whether nothing that is known, and nothing that could be unknown, makes what `use` names."""
    cluster = use.item.origin.unit.cluster
    known: dict[tuple[str, str], bool] = context.__dict__.setdefault("absence", {})
    key = (cluster, str(use))
    if key not in known:
        known[key] = not (
            vouched(context, cluster, use.reference)
            or _outside(use)
            or _unfinished(context, cluster, use)
            or _mentioned(context.objects[cluster], use)
            or (use.kind in ("Secret", "ConfigMap") and made_by_hand(context, use.name))
        )
    return known[key]


def vouched(context: Context, cluster: str, reference: str) -> bool:
    """Whether the settings say that it exists outside Git (`Kind/namespace/name`)."""
    own = context.settings.cluster.get(cluster)
    return reference in context.settings.external or (own is not None and reference in own.external)


def complete(context: Context, cluster: str) -> bool:
    """Whether everything that the repository says of a cluster could be rendered."""
    return not _open_units(context, cluster)


def namespace_is_known(context: Context, cluster: str, namespace: str) -> bool:
    """Whether all objects of a namespace were rendered, so that what is not among them is not there."""
    if namespace in _SYSTEM:
        return False
    for unit in _open_units(context, cluster):
        if unit.id.kind is UnitKind.KUSTOMIZATION:
            return False
        if unit.id.kind is UnitKind.RESOURCE_SET and resource_sets.runs_pods(context, unit):
            return False
        if unit.id.kind is UnitKind.HELM_RELEASE and namespace in _targets(context, unit):
            return False
    return not (_is_of_flux(context, cluster, namespace) or _is_installed(context.objects[cluster], namespace))


def _is_installed(index: ObjectIndex, namespace: str) -> bool:
    """Whether a Job in a namespace applies what it gets from elsewhere."""
    return any(
        workload.item.kind in ("Job", "CronJob")
        and workload.namespace == namespace
        and any(_APPLIES.search(text) for container in workload.containers for text in _given(container))
        for workload in workloads(index)
    )


def _is_of_flux(context: Context, cluster: str, namespace: str) -> bool:
    """Whether Flux runs in a namespace, put there by `flux bootstrap` or the Flux Operator and not by a manifest.

    Both name the root Kustomization after the namespace.
    """
    roots = (unit.id for unit in context.units_of(cluster) if unit.id.namespace == unit.id.name == namespace)
    if not any(identity.kind is UnitKind.KUSTOMIZATION for identity in roots):
        return False
    return not context.objects[cluster].find("apps", "Deployment", namespace, "kustomize-controller")


def spoken_of(index: ObjectIndex, namespace: str | None, words: Iterable[str]) -> bool:
    """Whether a custom object of a namespace (any when None) has one of these texts: it may make pods with them."""
    wanted = list(words)
    return any(
        item.name == word or f'"{word}"'.encode() in said
        for item, said in speaking(index, namespace)
        for word in wanted
    )


def _outside(use: Use) -> bool:
    """What the cluster brings along, and what `flux bootstrap` makes."""
    if use.namespace in _SYSTEM or str(use) == "Service/default/kubernetes":
        return True
    return use.name in _OF_FLUX.get(use.kind, ())


def _open_units(context: Context, cluster: str) -> list[Unit]:
    """The units of a cluster that failed or are not known. Computed once."""
    known: dict[str, list[Unit]] = context.__dict__.setdefault("open_units", {})
    if cluster not in known:
        unknown = (UnitState.FAILED, UnitState.UNKNOWN)
        known[cluster] = [unit for unit in context.units_of(cluster) if unit.state in unknown]
    return known[cluster]


def _unfinished(context: Context, cluster: str, use: Use) -> bool:
    for unit in _open_units(context, cluster):
        match unit.id.kind:
            case UnitKind.RESOURCE_SET:
                if resource_sets.may_make(context, unit, use.kind):
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
    if any(needle in words or item.name == use.name for item, words in speaking(index) if item is not use.item):
        return True
    if any(named_after(item, use.name) for item, _ in speaking(index, use.namespace)):
        return True
    if use.kind not in _WRITTEN:
        return False
    return _copied(index, use) or _written_by_role(index, use) or _told(index, use)


def _copied(index: ObjectIndex, use: Use) -> bool:
    """Whether an object of the same name elsewhere is there to be copied."""
    sources = (
        source
        for (kind, _, name), made in products(index).items()
        if (kind, name) == (use.kind, use.name)
        for source in made.sources
    )
    return any(mark in source.raw for source in sources for mark in _COPIERS)


def _written_by_role(index: ObjectIndex, use: Use) -> bool:
    """Whether somebody has the right to write an object of just this name."""
    for kind in ("Role", "ClusterRole"):
        for item in index.of_kind("rbac.authorization.k8s.io", kind):
            for rule in sequence(index.body(item).get("rules") if use.name.encode() in item.raw else None):
                named = use.name in sequence(mapping(rule).get("resourceNames"))
                if named and not _WRITING.isdisjoint(_texts(mapping(rule).get("verbs"))):
                    return True
    return False


def _told(index: ObjectIndex, use: Use) -> bool:
    """Whether a container of the namespace, or a script with kubectl in it, is given the name."""
    word = re.compile(rf"(?<![\w.-]){re.escape(use.name)}(?![\w-])")
    needle = use.name.encode()
    if any(needle in item.raw and b"kubectl" in item.raw for item in index.of_kind("", "ConfigMap")):
        return True
    for workload in workloads(index):
        if workload.namespace == use.namespace and needle in workload.item.raw:
            given = (text for container in workload.containers for text in _given(container))
            if any(word.search(text) for text in given):
                return True
    return False


def _given(container: Container) -> Iterator[str]:
    yield from _texts(container.body.get("command"))
    yield from _texts(container.body.get("args"))
    yield from (str(mapping(entry).get("value") or "") for entry in sequence(container.body.get("env")))


def _texts(value: Any) -> list[str]:
    return [entry for entry in sequence(value) if isinstance(entry, str)]
