"""Objects in a namespace that nothing creates.

The API server refuses an object whose namespace does not exist (`namespaces "web" not found`), and Flux, which creates
no namespaces by itself, fails with the whole Kustomization or release: a Namespace must be among the objects, or the
HelmRelease asks Helm to create it (`spec.install.createNamespace`). What may be made by something that is not known
offline is not reported; a namespace that a person or another tool creates can be declared in `external`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from elysium.check import locate
from elysium.check.closure import reachable
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, Unit, UnitKind, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-namespace",
    severity=Severity.ERROR,
    summary="objects in a namespace that nothing creates",
    topic=Topic.REFERENCES,
    profiles=("default", "gitops"),
)

_ALWAYS = frozenset({"default", "flux-system", "kube-node-lease", "kube-public", "kube-system"})
_RELEASES = ("helm.toolkit.fluxcd.io", "HelmRelease")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each namespace, at the first object that is to be created in it."""
    for cluster, index in context.objects.items():
        found: dict[str, Finding] = {}
        made = _made(context, cluster, index)
        for item in _namespaced(index):
            name = item.namespace
            if name in found:
                found[name] = msgspec.structs.replace(found[name], folded=found[name].folded + 1)
            elif name not in made:
                if _may_be_made(context, cluster, index, name):
                    made.add(name)
                else:
                    found[name] = _finding(context, item)
        yield from found.values()


def _namespaced(index: ObjectIndex) -> Iterator[RenderedObject]:
    """Objects that are really applied to a namespace. Objects without a repository around them are none."""
    for unit in index.units:
        if unit.state is UnitState.SUSPENDED or not unit.id.namespace:
            continue
        for item in unit.objects:
            if item.namespace and "${" not in item.namespace and not _of_unknown_scope(item):
                yield item


def _of_unknown_scope(item: RenderedObject) -> bool:
    return any(problem.code == "no-schema" for problem in item.problems)


def _made(context: Context, cluster: str, index: ObjectIndex) -> set[str]:
    """The namespaces that are there, or that something creates for certain."""
    own = context.settings.cluster.get(cluster)
    external = (*context.settings.external, *(own.external if own else ()))
    declared = {text.rpartition("/")[2] for text in external if text.startswith("Namespace/")}
    objects = {item.name for item in index.of_kind("", "Namespace")}
    return {*_ALWAYS, *declared, *objects, *_created_by_helm(index)}


def _created_by_helm(index: ObjectIndex) -> Iterator[str]:
    for item in index.of_kind(*_RELEASES):
        spec = mapping(index.body(item).get("spec"))
        if mapping(spec.get("install")).get("createNamespace") is True:
            yield str(spec.get("targetNamespace") or item.namespace)


def _may_be_made(context: Context, cluster: str, index: ObjectIndex, name: str) -> bool:
    """Whether something that is not known offline, or nobody's business here, may create a namespace."""
    if name.startswith("opaque-") or ("Namespace", name) in context.declared:
        return True
    if any(_could_make(context, index, unit, name) for unit in context.units_of(cluster)):
        return True
    return any(_is_tenant(group, items, name) for (group, _), items in index.kinds.items())


def _could_make(context: Context, index: ObjectIndex, unit: Unit, name: str) -> bool:
    """Whether a unit that failed or is not known could make a namespace."""
    if unit.state not in (UnitState.FAILED, UnitState.UNKNOWN):
        return False
    if unit.id.kind is UnitKind.RESOURCE_SET:
        return True
    if unit.id.kind is UnitKind.HELM_RELEASE:
        return _release_could_make(index, unit, name)
    return _files_could_make(context, reachable(context, unit))


def _release_could_make(index: ObjectIndex, unit: Unit, name: str) -> bool:
    """A chart makes namespaces that it is named after, or that its values name."""
    holder = index.definition(unit.id)
    related = unit.id.name in name or name in unit.id.name or unit.id.namespace == name
    return related or holder is None or name.encode() in holder.raw


def _files_could_make(context: Context, files: Iterable[str]) -> bool:
    """Files that are known make no namespace when none of them holds one, and no other unit."""
    known = [context.files[path] for path in files if path in context.files]
    kinds = {document.kind for file in known for document in file.documents}
    return not known or not kinds.isdisjoint({"Namespace", "Kustomization", "HelmRelease", "ResourceSet"})


def _is_tenant(group: str, items: Iterable[RenderedObject], name: str) -> bool:
    """Whether a custom object of the cluster has the name: projects and tenants bring their namespaces."""
    custom = "." in group and not group.endswith(".k8s.io")
    return custom and any(item.name == name and not item.namespace for item in items)


def _finding(context: Context, item: RenderedObject) -> Finding:
    unit = context.units[item.origin.unit]
    external = f'or declare it in elysium.toml: external = ["Namespace//{item.namespace}"]'
    if unit.id.kind is UnitKind.HELM_RELEASE:
        at, remedy = locate.of_unit(unit), "set install.createNamespace"
    else:
        at, remedy = locate.in_object(context, item, ("metadata", "namespace")), f"commit Namespace {item.namespace}"
    message = f"{item}: nothing creates the namespace {item.namespace}"
    return about_object(RULE, item, at, message, hint=f"{remedy}, {external}")
