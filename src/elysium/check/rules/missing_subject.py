"""A binding to a service account that nothing makes.

The binding is accepted and waits: whoever may create service accounts in that namespace takes the rights by making one
of that name. Mostly it is the namespace that is wrong, which in a ClusterRoleBinding has to be written out.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import certain
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Means, Use
from elysium.evaluate.rbac import Account, Binding, access_of
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-subject",
    severity=Severity.WARNING,
    summary="a binding gives rights to a ServiceAccount that nothing makes",
    topic=Topic.ACCESS,
    profiles=("default", "gitops", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each subject that certainly does not exist."""
    for index in context.objects.values():
        for binding in access_of(index).bindings:
            for number, subject in enumerate(binding.subjects):
                if _missing(context, index, binding, subject):
                    at = in_object(context, binding.item, ("subjects", number, "name"))
                    message = f"{binding.item}: subject {subject} is made by nothing in the repository"
                    yield about_object(RULE, binding.item, at, message, hint=_hint(index, subject))


def _missing(context: Context, index: ObjectIndex, binding: Binding, subject: Account) -> bool:
    if subject.kind != "ServiceAccount" or subject.name in ("", "default") or not subject.namespace:
        return False
    if index.find("", "ServiceAccount", subject.namespace, subject.name):
        return False
    use = Use(
        item=binding.item,
        path=("subjects",),
        kind="ServiceAccount",
        namespace=subject.namespace,
        name=subject.name,
        by=Means.IDENTITY,
    )
    return certain(context, use)


def _hint(index: ObjectIndex, subject: Account) -> str:
    elsewhere = [item for item in index.of_kind("", "ServiceAccount") if item.name == subject.name]
    if elsewhere:
        return f"there is {elsewhere[0]}: correct the namespace of the subject"
    return "make the ServiceAccount, or leave the subject out"
