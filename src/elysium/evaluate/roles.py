"""What roles allow: those in Git, those that Kubernetes brings, and those that are made of others.

The built-in `cluster-admin` allows everything. `admin`, `edit` and `view` are those of Kubernetes 1.36
(plugin/pkg/auth/authorizer/rbac/bootstrappolicy) plus every role in Git that is aggregated to them. What operators add
to them for custom kinds is not known, nor what the roles `system:*` allow.
"""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.resources import BUILT_IN_GROUPS
from elysium.evaluate.selectors import matches
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import RenderedObject

__all__ = ["GROUP", "RoleRule", "Rules", "is_built_in", "role_rules", "rules_of"]

GROUP = "rbac.authorization.k8s.io"
_AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-"
_READ = ("get", "list", "watch")
_WRITE = ("create", "update", "patch", "delete", "deletecollection")


class RoleRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of a role. `names` restrict it to objects, `urls` are paths that are no resources."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    def allows(self, verb: str, group: str, resource: str, name: str = "") -> bool:
        """Whether the rule alone allows a verb. Without a name it is about every object (RBAC, `RuleAllows`)."""
        _, _, subresource = resource.partition("/")
        matching = {"*", resource, *((f"*/{subresource}",) if subresource else ())}
        return (
            not {"*", verb}.isdisjoint(self.verbs)
            and not {"*", group}.isdisjoint(self.groups)
            and not matching.isdisjoint(self.resources)
            and (not self.names or (bool(name) and name in self.names))
        )


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a role. `open_groups`: it may allow more for kinds of API groups that are not built in."""

    rules: tuple[RoleRule, ...] = ()
    open_groups: bool = False
    unknown: bool = False


def is_built_in(kind: str, name: str) -> bool:
    """Whether Kubernetes, or a distribution of it, brings a role."""
    return kind == "ClusterRole" and (name in ("cluster-admin", *_USER_ROLES) or name.startswith("system:"))


def rules_of(index: ObjectIndex, kind: str, namespace: str, name: str) -> Rules | None:
    """What a role allows; None when nothing in Git makes it and it is not built in."""
    found = index.find(GROUP, kind, namespace if kind == "Role" else "", name)
    own = tuple(rule for item in found for rule in _defined(index, item))
    if kind == "ClusterRole" and name == "cluster-admin":
        return Rules(rules=(_ALL, _ALL_URLS))
    if kind == "ClusterRole" and name in _USER_ROLES:
        return Rules(rules=(*_user_rules(index, name), *own), open_groups=True)
    if found:
        return Rules(rules=own)
    return Rules(unknown=True) if is_built_in(kind, name) else None


def role_rules(body: dict[str, Any]) -> tuple[RoleRule, ...]:
    """The rules that stand in a Role or ClusterRole."""
    return tuple(
        RoleRule(
            verbs=_texts(rule.get("verbs")),
            groups=_texts(rule.get("apiGroups")),
            resources=_texts(rule.get("resources")),
            names=_texts(rule.get("resourceNames")),
            urls=_texts(rule.get("nonResourceURLs")),
        )
        for rule in sequence(body.get("rules"))
        if isinstance(rule, dict)
    )


def _defined(index: ObjectIndex, item: RenderedObject) -> tuple[RoleRule, ...]:
    """The rules of an object; those of an aggregated role are the rules of the roles that its selectors find."""
    body = index.body(item)
    selectors = sequence(mapping(body.get("aggregationRule")).get("clusterRoleSelectors"))
    if not selectors:
        return role_rules(body)
    return tuple(
        rule
        for other in index.of_kind(GROUP, "ClusterRole")
        if other.name != item.name and any(matches(selector, _labels(index, other)) for selector in selectors)
        for rule in role_rules(index.body(other))
    )


def _user_rules(index: ObjectIndex, name: str) -> tuple[RoleRule, ...]:
    names = _USER_ROLES[: _USER_ROLES.index(name) + 1]
    added = (
        rule
        for item in index.of_kind(GROUP, "ClusterRole")
        if any(_labels(index, item).get(f"{_AGGREGATE}{each}") == "true" for each in names)
        for rule in role_rules(index.body(item))
    )
    return (*(rule for each in names for rule in _BUILT_IN[each]), *added)


def _labels(index: ObjectIndex, item: RenderedObject) -> dict[str, Any]:
    return mapping(mapping(index.body(item).get("metadata")).get("labels"))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in sequence(value))


def _rule(verbs: tuple[str, ...], group: str, resources: str) -> RoleRule:
    assert group in BUILT_IN_GROUPS
    return RoleRule(verbs=verbs, groups=(group,), resources=tuple(resources.split()))


_ALL = RoleRule(verbs=("*",), groups=("*",), resources=("*",))
_ALL_URLS = RoleRule(verbs=("*",), urls=("*",))
_USER_ROLES = ("view", "edit", "admin")
_CORE = "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale serviceaccounts services"
_APPS = "daemonsets deployments deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale"
_BUILT_IN: dict[str, tuple[RoleRule, ...]] = {
    "view": (
        _rule(_READ, "", f"{_CORE} bindings endpoints events limitranges namespaces pods pods/log pods/status"),
        _rule(_READ, "", "resourcequotas resourcequotas/status services/status persistentvolumeclaims/status"),
        _rule(_READ, "", "namespaces/status replicationcontrollers/status"),
        _rule(_READ, "apps", f"{_APPS} controllerrevisions"),
        _rule(_READ, "apps", "daemonsets/status deployments/status replicasets/status statefulsets/status"),
        _rule(_READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
        _rule(_READ, "batch", "cronjobs cronjobs/status jobs jobs/status"),
        _rule(_READ, "discovery.k8s.io", "endpointslices"),
        _rule(_READ, "events.k8s.io", "events"),
        _rule(_READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
        _rule(_READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
        _rule(_READ, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
    ),
    "edit": (
        _rule((*_READ, *_WRITE), "", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
        _rule(("impersonate",), "", "serviceaccounts"),
        _rule(("create",), "", "pods/eviction serviceaccounts/token"),
        _rule(_WRITE, "", f"{_CORE} pods events"),
        _rule(_WRITE, "apps", f"{_APPS} deployments/rollback"),
        _rule(_WRITE, "autoscaling", "horizontalpodautoscalers"),
        _rule(_WRITE, "batch", "cronjobs jobs"),
        _rule(_WRITE, "events.k8s.io", "events"),
        _rule((*_READ, *_WRITE), "coordination.k8s.io", "leases"),
        _rule(_WRITE, "networking.k8s.io", "ingresses networkpolicies"),
        _rule(_WRITE, "policy", "poddisruptionbudgets"),
        _rule(_WRITE, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
    ),
    "admin": (
        _rule((*_READ, *_WRITE), GROUP, "roles rolebindings"),
        _rule(("create",), "authorization.k8s.io", "localsubjectaccessreviews"),
    ),
}
