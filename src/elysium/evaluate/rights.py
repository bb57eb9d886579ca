"""The rights that an account needs to apply objects, and those that it lacks.

Flux applies on the server's side and reads what is there before and after: `get`, `create` and `patch`, and `delete` to
prune. Who applies roles and bindings has to hold what they grant, or the verbs `escalate` and `bind`
(Kubernetes documentation, "Privilege escalation prevention and bootstrapping").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.rbac import Account, Right, access_of
from elysium.evaluate.resources import resource_of
from elysium.evaluate.roles import GROUP, role_rules, rules_of
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import mapping
from elysium.model import RenderedObject

__all__ = ["APPLY", "PRUNE", "STORAGE", "Lack", "lacking", "missing", "needed"]

APPLY = ("get", "create", "patch")
PRUNE = ("delete",)
STORAGE = ("get", "list", "create", "update", "delete")
"""What Helm does with the Secrets in which it keeps its releases."""


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """A right that an account does not have, and the first object that needs it."""

    right: Right
    item: RenderedObject
    reason: str = ""


def needed(
    index: ObjectIndex, objects: Iterable[RenderedObject], verbs: tuple[str, ...] = APPLY
) -> dict[Right, RenderedObject]:
    """The rights that applying objects takes, each once with the first object that needs it.

    Custom kinds whose definition is not in Git are left out: the name of their resource is not known.
    """
    found: dict[Right, RenderedObject] = {}
    for item in objects:
        resource = resource_of(index, item.id.group, item.kind)
        for verb in verbs if resource else ():
            right = Right(verb=verb, group=item.id.group, resource=str(resource), namespace=item.namespace)
            found.setdefault(right, item)
    return found


def missing(
    index: ObjectIndex, account: Account, objects: Iterable[RenderedObject], verbs: tuple[str, ...] = APPLY
) -> list[Lack]:
    """The rights that an account certainly lacks for applying objects."""
    access = access_of(index)
    listed = tuple(objects)
    lacks = [
        Lack(right=right, item=item)
        for right, item in needed(index, listed, verbs).items()
        if _denied(index, account, right, listed)
    ]
    if access.of(account):
        lacks += [lack for item in listed for lack in _ungranted(index, account, item)]
    return lacks


def lacking(index: ObjectIndex, account: Account, rights: Iterable[Right], item: RenderedObject) -> list[Lack]:
    """Those of the rights that an account certainly does not have; `item` is what needs them."""
    access = access_of(index)
    return [Lack(right=right, item=item) for right in rights if access.may(account, right).verdict is Verdict.DENIED]


def _denied(index: ObjectIndex, account: Account, right: Right, objects: tuple[RenderedObject, ...]) -> bool:
    """Whether the right is denied for any of the objects: a role may allow it for some of them by name."""
    access = access_of(index)
    if access.may(account, right).verdict is not Verdict.DENIED:
        return False
    names = {
        item.name
        for item in objects
        if item.namespace == right.namespace and resource_of(index, item.id.group, item.kind) == right.resource
    }
    named = (msgspec.structs.replace(right, name=name) for name in names)
    return any(access.may(account, item).verdict is Verdict.DENIED for item in named)


def _ungranted(index: ObjectIndex, account: Account, item: RenderedObject) -> Iterator[Lack]:
    """What an account would grant without having it."""
    if item.id.group != GROUP:
        return
    access = access_of(index)
    body = index.body(item)
    if item.kind in ("Role", "ClusterRole"):
        verb, kind, name = "escalate", item.kind, item.name
        rules = role_rules(body)
    else:
        role = mapping(body.get("roleRef"))
        verb, kind, name = "bind", str(role.get("kind")), str(role.get("name"))
        known = rules_of(index, kind, item.namespace, name)
        rules = known.rules if known else ()
    held = (access.covers(account, rule, item.namespace) for rule in rules if rule.resources)
    if Verdict.DENIED not in set(held):
        return
    right = Right(verb=verb, group=GROUP, resource=f"{kind.lower()}s", namespace=item.namespace, name=name)
    if access.may(account, right).verdict is Verdict.DENIED:
        yield Lack(right=right, item=item, reason="nobody may grant rights that they do not have")
