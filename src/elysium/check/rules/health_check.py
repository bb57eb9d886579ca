"""A health check for an object that nothing makes.

kustomize-controller waits for every object in `spec.healthChecks` until the time-out. One that never appears keeps the
Kustomization from becoming ready, and with it everything that depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.check.absence import makers
from elysium.check.absence.speech import named_after, speaking
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.images import is_known
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity, UnitId, UnitKind, UnitState, group_of

__all__ = ["RULE", "check"]

RULE = Rule(
    id="health-check",
    severity=Severity.ERROR,
    summary="a health check for an object that nothing makes",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
)

_UNFINISHED = (UnitState.FAILED, UnitState.UNKNOWN)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such entry; a warning where something outside of Git could well have made the object."""
    for found in flux_objects(context, "Kustomization"):
        if found.spec.get("wait") is True or found.is_remote:
            continue
        for number, entry in enumerate(sequence(found.spec.get("healthChecks"))):
            yield from _missing(context, found, number, mapping(entry))


def _missing(context: Context, found: FluxObject, number: int, entry: dict[str, Any]) -> Iterator[Finding]:
    item, cluster = found.item, found.item.origin.unit.cluster
    kind, name, namespace = (str(entry.get(field) or "") for field in ("kind", "name", "namespace"))
    group = group_of(str(entry.get("apiVersion") or ""))
    if not is_known(name) or "${" in namespace or _exists(found, (group, kind, namespace, name)):
        return
    unit = context.units.get(UnitId(cluster, UnitKind.KUSTOMIZATION, item.namespace, item.name))
    holder = context.units.get(item.origin.unit)
    if unit is None or holder is None or unit.state is not UnitState.RENDERED:
        return
    if makers.may_be_made(context, holder, kind, namespace, name) or _controlled(group, kind):
        return
    if any(
        named_after(other, name) or name.endswith(f"-{other.name}") for other, _ in speaking(found.index, namespace)
    ):
        return  # operators name what they make after their objects: vmagent-NAME, NAME-db
    if not namespace and any(other.state in _UNFINISHED for other in context.units_of(cluster)):
        return  # any chart may bring an object of the whole cluster
    same = [other for other in found.index.of_kind(group, kind) if other.namespace == namespace or not namespace]
    elsewhere = [other for other in found.index.of_kind(group, kind) if other.name == name]
    near = nearest(name, {other.name for other in same})
    hint = f"did you mean {near}?" if near else "leave the entry out, or use wait: true"
    hint = f"it is in namespace {elsewhere[0].namespace}" if elsewhere else hint
    own = {other.namespace for other in unit.objects}
    certain = bool(near or elsewhere or namespace in own)
    place = f"{kind}/{namespace}/{name}" if namespace else f"{kind}/{name}"
    message = f"{item} waits for {place}, which nothing makes: it never becomes ready"
    at = in_object(context, item, ("spec", "healthChecks", number, "name"))
    severity = Severity.ERROR if certain else Severity.WARNING
    yield about_object(RULE, item, at, message, hint=hint, severity=severity)


def _exists(found: FluxObject, wanted: tuple[str, str, str, str]) -> bool:
    group, kind, namespace, name = wanted
    if found.index.find(group, kind, namespace, name) or found.index.find(group, kind, "", name):
        return True
    if not namespace and any(other.name == name for other in found.index.of_kind(group, kind)):
        return True  # the scope of a custom kind is not always known, and kustomize gives such objects a namespace
    return kind == "Secret" and (namespace, name) in found.index.produced


def _controlled(group: str, kind: str) -> bool:
    """Objects that controllers make from others, and definitions that charts and operators bring."""
    return (group, kind) in {("", "Pod"), ("", "Secret"), ("apps", "ReplicaSet"), ("", "Node")} or kind in (
        "CustomResourceDefinition",
        "APIService",
    )
