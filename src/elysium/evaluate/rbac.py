"""Who may do what: roles and bindings, asked as the API server's RBAC authorizer asks them.

Rights only add. A Role counts in its namespace, a ClusterRole where it is bound: by a RoleBinding in that namespace, by
a ClusterRoleBinding everywhere. What an unknown role (`system:*`, one that an unknown chart makes) may allow leaves the
answer open (Kubernetes documentation, "Using RBAC Authorization").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.resources import BUILT_IN_GROUPS
from elysium.evaluate.roles import GROUP, RoleRule, Rules, rules_of
from elysium.evaluate.verdicts import Verdict
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject

__all__ = ["Access", "Account", "Binding", "Decision", "Right", "access_of", "escalations"]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A ServiceAccount, User or Group. Only a ServiceAccount has a namespace."""

    kind: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """A verb on a resource (`pods`, `pods/exec`), of one namespace or, when that is empty, of the whole cluster."""

    verb: str
    group: str
    resource: str
    namespace: str = ""
    name: str = ""

    def __str__(self) -> str:
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        where = f" in {self.namespace}" if self.namespace else ""
        return f"{self.verb} {what}{' ' + self.name if self.name else ''}{where}"


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A RoleBinding or ClusterRoleBinding with what it grants; `rules` is None when nothing makes the role.

    An empty `namespace` is the whole cluster.
    """

    item: RenderedObject
    namespace: str
    role_kind: str
    role: str
    subjects: tuple[Account, ...]
    rules: Rules | None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an account may do something, and which binding decides."""

    verdict: Verdict
    reason: str
    binding: RenderedObject | None = None


class Access:
    """The roles and bindings of a cluster, ready to be asked."""

    def __init__(self, index: ObjectIndex) -> None:
        self.bindings = tuple(_bindings(index))
        self._by_subject: dict[Account, list[Binding]] = {}
        for binding in self.bindings:
            for subject in binding.subjects:
                self._by_subject.setdefault(subject, []).append(binding)

    def of(self, account: Account) -> list[Binding]:
        """The bindings of an account; those of groups that it is in, too."""
        return [binding for name in _names(account) for binding in self._by_subject.get(name, ())]

    def may(self, account: Account, right: Right) -> Decision:
        """Whether an account may do something."""
        bindings = [item for item in self.of(account) if item.namespace in ("", right.namespace)]
        for binding in bindings:
            rules = binding.rules.rules if binding.rules else ()
            if any(rule.allows(right.verb, right.group, right.resource, right.name) for rule in rules):
                reason = f"{binding.item} binds {binding.role_kind} {binding.role}"
                return Decision(verdict=Verdict.ALLOWED, reason=reason, binding=binding.item)
        for binding in bindings:
            if _may_allow_more(binding.rules, right):
                reason = f"what {binding.role_kind} {binding.role} allows is not known"
                return Decision(verdict=Verdict.UNKNOWN, reason=reason, binding=binding.item)
        return Decision(verdict=Verdict.DENIED, reason=f"nothing allows {account} to {right}")

    def may_request(self, account: Account, verb: str, url: str) -> Decision:
        """Whether an account may ask for a path that is no resource, such as `/metrics`."""
        for binding in self.of(account):
            rules = binding.rules.rules if binding.rules and not binding.namespace else ()
            if any(_allows_url(rule, verb, url) for rule in rules):
                return Decision(verdict=Verdict.ALLOWED, reason=str(binding.item), binding=binding.item)
        unsure = any(item.rules is None or item.rules.unknown for item in self.of(account))
        verdict = Verdict.UNKNOWN if unsure else Verdict.DENIED
        return Decision(verdict=verdict, reason=f"nothing in Git allows {account} to {verb} {url}")

    def covers(self, account: Account, rule: RoleRule, namespace: str) -> Verdict:
        """Whether an account has everything that a rule grants: nobody may grant more than they have."""
        names = rule.names or ("",)
        rights = [
            Right(verb=verb, group=group, resource=resource, namespace=namespace, name=name)
            for verb in rule.verbs
            for group in rule.groups
            for resource in rule.resources
            for name in names
        ]
        verdicts = {self.may(account, right).verdict for right in rights}
        if Verdict.DENIED in verdicts:
            return Verdict.DENIED
        return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.ALLOWED


def access_of(index: ObjectIndex) -> Access:
    """The roles and bindings of a cluster. Read once for an index."""
    found: Access | None = index.__dict__.get("access")
    if found is None:
        found = index.__dict__["access"] = Access(index)
    return found


_ESCALATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("escalate", GROUP, "clusterroles", "may write roles that allow more than it has"),
    ("escalate", GROUP, "roles", "may write roles that allow more than it has"),
    ("bind", GROUP, "clusterroles", "may bind itself to any role"),
    ("bind", GROUP, "roles", "may bind itself to any role"),
    ("impersonate", "", "users", "may act as any user"),
    ("impersonate", "", "groups", "may act as any group, system:masters included"),
    ("impersonate", "", "serviceaccounts", "may act as other service accounts"),
    ("create", "", "serviceaccounts/token", "may make tokens of other service accounts"),
    ("get", "", "nodes/proxy", "may run commands in every pod through the kubelet, past admission and audit"),
    ("create", "", "nodes/proxy", "may run commands in every pod through the kubelet, past admission and audit"),
    ("approve", "certificates.k8s.io", "signers", "may approve client certificates of any name"),
)
"""Rights that lead to others (Kubernetes documentation, "Role Based Access Control Good Practices")."""


def escalations(rules: tuple[RoleRule, ...]) -> Iterator[tuple[str, str]]:
    """Rights in a role by which its holder can get others, each with what it leads to."""
    told = set()
    for verb, group, resource, why in _ESCALATIONS:
        if why not in told and any(rule.allows(verb, group, resource) for rule in rules):
            told.add(why)
            yield f"{verb} {resource}", why


def _bindings(index: ObjectIndex) -> Iterator[Binding]:
    for kind in ("RoleBinding", "ClusterRoleBinding"):
        for item in index.of_kind(GROUP, kind):
            body = index.body(item)
            role = mapping(body.get("roleRef"))
            role_kind, name = str(role.get("kind") or ""), str(role.get("name") or "")
            subjects = (_subject(mapping(entry), item.namespace) for entry in sequence(body.get("subjects")))
            yield Binding(
                item=item,
                namespace=item.namespace if kind == "RoleBinding" else "",
                role_kind=role_kind,
                role=name,
                subjects=tuple(subjects),
                rules=rules_of(index, role_kind, item.namespace, name),
            )


def _subject(entry: dict[str, Any], namespace: str) -> Account:
    kind = str(entry.get("kind") or "")
    own = str(entry.get("namespace") or namespace) if kind == "ServiceAccount" else ""
    return Account(kind=kind, name=str(entry.get("name") or ""), namespace=own)


def _names(account: Account) -> Iterator[Account]:
    """Under which names bindings may find an account."""
    yield account
    groups = ["system:authenticated"] if account.kind != "Group" else []
    if account.kind == "ServiceAccount":
        yield Account(kind="User", name=f"system:serviceaccount:{account.namespace}:{account.name}")
        groups += ["system:serviceaccounts", f"system:serviceaccounts:{account.namespace}"]
    for group in groups:
        yield Account(kind="Group", name=group)


def _may_allow_more(rules: Rules | None, right: Right) -> bool:
    if rules is None or rules.unknown:
        return True
    return rules.open_groups and right.group not in BUILT_IN_GROUPS and right.group != "*"


def _allows_url(rule: RoleRule, verb: str, url: str) -> bool:
    if {"*", verb}.isdisjoint(rule.verbs):
        return False
    return any(
        pattern in ("*", url) or (pattern.endswith("*") and url.startswith(pattern[:-1])) for pattern in rule.urls
    )
