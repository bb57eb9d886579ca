"""What the account that deploys previews needs, step by step, and what of it its roles do not give.

The steps are those of the deploy, teardown and prune workflows. `kubectl apply` reads, creates and patches; Helm keeps
its releases in Secrets, makes and deletes hooks, and reads what it waits for; whoever binds a role needs what it
grants, or the verb `bind` on it (Kubernetes documentation, "Using RBAC Authorization").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from elysium.evaluate import Access, Account, ObjectIndex, Right, access_of
from elysium.evaluate.rights import APPLY, STORAGE, needed
from elysium.evaluate.roles import GROUP, rules_of
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject

__all__ = ["Lacking", "Step", "account_of", "lacking_rights", "steps"]

_HELM = ("get", "list", "create", "patch", "delete")
_WATCHED = ("get", "list", "watch")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a workflow with the rights that it takes."""

    name: str
    rights: tuple[Right, ...]


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """A step that the account may not do, with the first right that is missing and how many are."""

    step: str
    right: str
    count: int


def account_of(objects: Iterable[RenderedObject]) -> Account | None:
    """The account that deploys: the first ServiceAccount of the platform's manifests."""
    found = (item for item in objects if item.kind == "ServiceAccount" and item.api_version == "v1")
    return next((Account(kind="ServiceAccount", name=item.name, namespace=item.namespace) for item in found), None)


def steps(
    index: ObjectIndex,
    account: Account,
    namespace: str,
    policies: Sequence[RenderedObject],
    chart: Sequence[RenderedObject],
) -> tuple[Step, ...]:
    """Every step of deployment, teardown and pruning."""
    spaces = [item for item in policies if item.kind == "Namespace"]
    bindings = [item for item in policies if item.kind == "RoleBinding"]
    rest = [item for item in policies if item.kind not in ("Namespace", "RoleBinding")]
    hooks = [item for item in chart if item.hook]
    here = partial(_rights, namespace)
    rollout = (*here("apps", "deployments", _WATCHED), *here("apps", "statefulsets", _WATCHED))
    return (
        Step(name="make the namespace", rights=tuple(needed(index, spaces))),
        Step(name="let the account in", rights=(*needed(index, bindings), *_granting(index, account, bindings))),
        Step(name="apply the policies", rights=tuple(needed(index, rest))),
        Step(name="make the pull secret", rights=tuple(here("", "secrets", APPLY))),
        Step(
            name="install and upgrade the chart", rights=(*needed(index, chart, _HELM), *here("", "secrets", STORAGE))
        ),
        Step(name="wait for the hooks", rights=tuple(needed(index, hooks, _WATCHED))),
        Step(name="wait for the rollout", rights=rollout),
        Step(name="explain a failure", rights=tuple(_explaining(namespace))),
        Step(
            name="uninstall the chart", rights=(*needed(index, chart, ("get", "delete")), *here("", "secrets", STORAGE))
        ),
        Step(name="delete the namespace", rights=tuple(needed(index, spaces, ("get", "list", "watch", "delete")))),
        Step(name="list the previews", rights=(Right(verb="list", group="", resource="namespaces"),)),
    )


def lacking_rights(access: Access, account: Account, wanted: Iterable[Step]) -> Iterator[Lacking]:
    """The steps that an account certainly may not do."""
    for step in wanted:
        denied = [right for right in step.rights if access.may(account, right).verdict is Verdict.DENIED]
        if denied:
            yield Lacking(step=step.name, right=str(denied[0]), count=len(denied))


def _granting(index: ObjectIndex, account: Account, bindings: Iterable[RenderedObject]) -> Iterator[Right]:
    """`bind` on the role of each binding, unless its holder has all that the role grants."""
    for item in bindings:
        body = index.body(item)
        role = mapping(body.get("roleRef"))
        kind, name = str(role.get("kind")), str(role.get("name"))
        granted = rules_of(index, kind, item.namespace, name)
        rules = granted.rules if granted else ()
        if not all(access_of(index).covers(account, rule, "") is Verdict.ALLOWED for rule in rules if rule.resources):
            yield Right(verb="bind", group=GROUP, resource=f"{kind.lower()}s", namespace=item.namespace, name=name)


def _rights(namespace: str, group: str, resource: str, verbs: Iterable[str]) -> Iterator[Right]:
    for verb in verbs:
        yield Right(verb=verb, group=group, resource=resource, namespace=namespace)


def _explaining(namespace: str) -> Iterator[Right]:
    for resource in ("pods", "events", "persistentvolumeclaims"):
        yield from _rights(namespace, "", resource, ("get", "list"))
    yield from _rights(namespace, "", "pods/log", ("get",))
    yield from _rights(namespace, "apps", "replicasets", ("get", "list"))
    yield from _rights(namespace, "batch", "jobs", ("get", "list"))
