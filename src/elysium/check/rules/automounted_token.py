"""A token of the API server in a pod that has no use for it.

Every pod gets a token of its service account unless `automountServiceAccountToken` is false in the pod or in the
account. When no role is bound to the account, the token opens nothing that the program could need, but whoever gets
into the pod is an authenticated user of the API server.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import complete
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import about, pods
from elysium.evaluate import ObjectIndex, Workload
from elysium.evaluate.rbac import Account, access_of
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="automounted-token",
    severity=Severity.WARNING,
    summary="a token is mounted into pods whose account may do nothing",
    topic=Topic.POD_SECURITY,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload whose account has no binding anywhere in Git."""
    hint = "set `automountServiceAccountToken: false` in the spec of the pod"
    for index, workload in pods(context, part_of_host=False):
        account = str(workload.spec.get("serviceAccountName") or workload.spec.get("serviceAccount") or "default")
        if _mounted(index, workload, account) and not _bound(index, workload.namespace, account):
            if account != "default" and not complete(context, workload.item.origin.unit.cluster):
                continue
            what = f"gets a token of the service account {account}, to which nothing is bound"
            path = (*workload.spec_path, "automountServiceAccountToken")
            yield from about(RULE, context, workload, [("", path)], (what, hint))


def _mounted(index: ObjectIndex, workload: Workload, account: str) -> bool:
    own = workload.spec.get("automountServiceAccountToken")
    if own is not None:
        return own is True
    found = index.find("", "ServiceAccount", workload.namespace, account)
    return not any(index.body(item).get("automountServiceAccountToken") is False for item in found)


def _bound(index: ObjectIndex, namespace: str, account: str) -> bool:
    subject = Account(kind="ServiceAccount", name=account, namespace=namespace)
    bindings = access_of(index).of(subject)
    return any(subject in binding.subjects for binding in bindings)
