"""What a tenant applies, and its service account may not.

With `spec.serviceAccountName` Flux applies a Kustomization or HelmRelease as that account, so it needs `get`, `create`
and `patch` for every object, `delete` to prune, and Helm needs the Secrets of its storage. The first right that is
missing fails the whole apply (`forbidden`). Only an account that Git defines, in a cluster of which everything could be
rendered, is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import complete
from elysium.check.context import Context
from elysium.check.findings import about_unit
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.rbac import Account, Right
from elysium.evaluate.rights import APPLY, PRUNE, STORAGE, Lack, lacking, missing
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, Unit, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="impersonation-lacks-rights",
    severity=Severity.ERROR,
    summary="the service account that Flux applies as lacks rights",
    topic=Topic.ACCESS,
    profiles=("default", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each unit whose account certainly lacks a right."""
    for cluster, index in context.objects.items():
        if not complete(context, cluster):
            continue
        for unit in index.units:
            holder = index.definition(unit.id)
            account = _account(index, holder, unit) if holder else None
            if account and holder:
                lacks = missing(index, account, unit.objects, _verbs(index, holder))
                lacks += lacking(index, account, _storage(index, holder), holder)
                if lacks:
                    yield _finding(context, unit, holder, account, lacks)


def _account(index: ObjectIndex, holder: RenderedObject, unit: Unit) -> Account | None:
    """The account that the unit is applied as, if Git defines it; another cluster has other accounts."""
    spec = mapping(index.body(holder).get("spec"))
    name = spec.get("serviceAccountName")
    if not isinstance(name, str) or "kubeConfig" in spec or unit.id.kind is UnitKind.RESOURCE_SET:
        return None
    if not index.find("", "ServiceAccount", unit.id.namespace, name):
        return None
    return Account(kind="ServiceAccount", name=name, namespace=unit.id.namespace)


def _verbs(index: ObjectIndex, holder: RenderedObject) -> tuple[str, ...]:
    spec = mapping(index.body(holder).get("spec"))
    return (*APPLY, *PRUNE) if spec.get("prune") is True or holder.kind == "HelmRelease" else APPLY


def _storage(index: ObjectIndex, holder: RenderedObject) -> list[Right]:
    """Helm keeps releases in Secrets, and reads and writes them as the same account."""
    if holder.kind != "HelmRelease":
        return []
    namespace = str(mapping(index.body(holder).get("spec")).get("storageNamespace") or holder.namespace)
    return [Right(verb=verb, group="", resource="secrets", namespace=namespace) for verb in STORAGE]


def _finding(context: Context, unit: Unit, holder: RenderedObject, account: Account, lacks: list[Lack]) -> Finding:
    first = lacks[0]
    more = f" ({len(lacks)} rights in all)" if len(lacks) > 1 else ""
    message = f"{unit.id} is applied as {account}, which may not {first.right}, as {first.item} needs{more}"
    at = in_object(context, holder, ("spec", "serviceAccountName"))
    return about_unit(RULE, context, unit, at, message, hint=_role(lacks))


def _role(lacks: list[Lack]) -> str:
    """The smallest rules that would do, as they stand in a role."""
    verbs: dict[tuple[str, str, str], list[str]] = {}
    for lack in lacks:
        right = lack.right
        verbs.setdefault((right.namespace, right.group, right.resource), []).append(right.verb)
    rules = [
        f'{{apiGroups: ["{group}"], resources: [{resource}], verbs: [{", ".join(listed)}]}}'
        + (f" in {namespace}" if namespace else " in a ClusterRole")
        for (namespace, group, resource), listed in verbs.items()
    ]
    return "add to its roles: " + "; ".join(rules[:6]) + ("; ..." if len(rules) > 6 else "")
