"""A binding to a role that nothing makes.

The API server accepts it and it grants nothing, so its subjects are refused whatever they were meant to do. `roleRef`
cannot be changed later: a wrong one has to be deleted. Roles that Kubernetes brings (`cluster-admin`, `admin`, `edit`,
`view`, `system:...`) are there, and while a chart is not known the rule is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import certain
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Means, Use
from elysium.evaluate.rbac import Binding, access_of
from elysium.evaluate.roles import GROUP
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-role",
    severity=Severity.ERROR,
    summary="a binding grants a role that nothing makes",
    topic=Topic.ACCESS,
    profiles=("default", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each binding whose role certainly does not exist."""
    for index in context.objects.values():
        for binding in access_of(index).bindings:
            if binding.rules is not None or binding.role_kind not in ("Role", "ClusterRole") or not binding.role:
                continue
            if binding.item.namespace not in _SYSTEM and certain(context, _use(binding)):
                yield _finding(context, index, binding)


_SYSTEM = ("kube-system", "kube-public")


def _use(binding: Binding) -> Use:
    return Use(
        item=binding.item,
        path=("roleRef", "name"),
        kind=binding.role_kind,
        namespace=binding.item.namespace if binding.role_kind == "Role" else "",
        name=binding.role,
        by=Means.IDENTITY,
        group=GROUP,
    )


def _finding(context: Context, index: ObjectIndex, binding: Binding) -> Finding:
    kind, namespace = binding.role_kind, _use(binding).namespace
    near = nearest(binding.role, {item.name for item in index.of_kind(GROUP, kind) if item.namespace == namespace})
    other = "ClusterRole" if kind == "Role" else "Role"
    if index.find(GROUP, other, "" if kind == "Role" else binding.item.namespace, binding.role):
        hint = f"there is a {other} of this name: set roleRef.kind to {other}"
    else:
        hint = f"did you mean {near}?" if near else "make the role, or delete the binding"
    message = f"{binding.item}: roleRef names {_use(binding)}, which nothing in the repository makes"
    at = in_object(context, binding.item, ("roleRef", "name"))
    return about_object(RULE, binding.item, at, message, hint=hint)
