"""A workload that has rights because the account `default` has them.

Every pod of the namespace that names no account of its own uses `default`, so a role that is bound to it is given to
all of them, those that will be added later included.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, pods
from elysium.evaluate.rbac import Account, access_of
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="default-service-account",
    severity=Severity.WARNING,
    summary="a workload uses an account `default` that has rights",
    topic=Topic.ACCESS,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload without an account of its own where `default` is bound to a role."""
    for index, workload in pods(context):
        named = workload.spec.get("serviceAccountName") or workload.spec.get("serviceAccount") or "default"
        if named != "default" or workload.spec.get("automountServiceAccountToken") is False:
            continue
        subject = Account(kind="ServiceAccount", name="default", namespace=workload.namespace)
        bindings = [binding for binding in access_of(index).of(subject) if subject in binding.subjects]
        if bindings:
            what = f"uses the account default, to which {bindings[0].item} gives {bindings[0].role}"
            hint = "make a ServiceAccount for what needs the rights, and bind the role to that"
            path = (*workload.spec_path, "serviceAccountName")
            yield from about(RULE, context, workload, [("", path)], (what, hint))
