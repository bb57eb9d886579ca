"""An object that a ValidatingAdmissionPolicy of the same repository refuses, or warns of.

The API server evaluates every policy that a binding makes active when the object is created: `Deny` refuses the object,
so the Kustomization or release fails; `Warn` and `Audit` let it pass. Policies for pods are tried on the pods of
workloads, too: the workload is accepted, but its controller cannot create a single pod.

What an expression asks of the user (`request.userInfo`, `authorizer`), of a Namespace or parameter that is not in Git,
or of a value that only the cluster knows, is not judged. MutatingAdmissionPolicies and mutating policies of Kyverno are
not run: where there are some, a refusal is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object, of_object
from elysium.check.policies.admission import Refusal, refusals
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="admission-policy",
    severity=Severity.ERROR,
    summary="an object that a ValidatingAdmissionPolicy of the repository refuses",
    topic=Topic.POLICY,
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each validation that does not hold."""
    for found in refusals(context):
        known = {_key(refusal) for refusal in found if not refusal.pod}
        for refusal in found:
            if not (refusal.pod and _key(refusal) in known):
                yield _finding(context, refusal)


def _mutates(context: Context, cluster: str) -> bool:
    """Whether something may change objects before the policies look at them."""
    index = context.objects[cluster]
    if index.of_kind("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"):
        return True
    kyverno = (*index.of_kind("kyverno.io", "ClusterPolicy"), *index.of_kind("kyverno.io", "Policy"))
    return any(b'"mutate"' in item.raw for item in kyverno)


def _key(refusal: Refusal) -> tuple[str, str]:
    return refusal.policy.name, str(refusal.item)


def _finding(context: Context, refusal: Refusal) -> Finding:
    item, policy = refusal.item, refusal.policy.name
    place = of_object(context, refusal.policy)
    where = f" ({place})" if place.file else ""
    what = f"the pods of {item}" if refusal.pod else str(item)
    does = "refuses" if refusal.denied else "warns of"
    message = f"ValidatingAdmissionPolicy {policy} {does} {what}: {refusal.message}"
    certain = refusal.denied and not refusal.pod and not _mutates(context, item.origin.unit.cluster)
    severity = Severity.ERROR if certain else Severity.WARNING
    hint = f"make it fit the policy {policy}{where}, or change what the policy is about"
    at = in_object(context, item, refusal.field or ("metadata", "name"))
    return about_object(RULE, item, at, message, hint=hint, severity=severity)
