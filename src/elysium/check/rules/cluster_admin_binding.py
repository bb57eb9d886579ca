"""Somebody is given `cluster-admin`.

Whoever holds it may read every Secret and change everything, and so may whoever gets into one of their pods. Flux,
which applies whatever is in Git, needs it unless it works with the accounts of tenants, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rights import flux_made
from elysium.check.rule import Rule, Topic
from elysium.evaluate.rbac import access_of
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="cluster-admin-binding",
    severity=Severity.WARNING,
    summary="somebody is bound to cluster-admin",
    topic=Topic.ACCESS,
    profiles=("security",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such binding."""
    for index in context.objects.values():
        for binding in access_of(index).bindings:
            if binding.role_kind != "ClusterRole" or binding.role != "cluster-admin" or flux_made(index, binding.item):
                continue
            subjects = ", ".join(str(subject) for subject in binding.subjects) or "nobody"
            where = f" in {binding.namespace}" if binding.namespace else ""
            message = f"{binding.item} makes {subjects} cluster-admin{where}"
            at = in_object(context, binding.item, ("roleRef", "name"))
            yield about_object(RULE, binding.item, at, message, hint="bind a role with just the rights that are needed")
