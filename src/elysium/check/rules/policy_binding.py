"""An admission policy that nothing binds, or a binding to a policy that is not there.

A ValidatingAdmissionPolicy or MutatingAdmissionPolicy does nothing until a binding names it, and a binding to a policy
that does not exist does nothing either; the API server accepts both without a word. Bindings that a unit would make
which is not known here may still come, so nothing is said while there are such units.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence import makers
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, UnitState

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-binding",
    severity=Severity.WARNING,
    summary="an admission policy without binding, or a binding without policy",
    topic=Topic.POLICY,
)

_GROUP = "admissionregistration.k8s.io"
_KINDS = ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each policy and binding."""
    for index in context.objects.values():
        for kind in _KINDS:
            policies = {item.name: item for item in index.of_kind(_GROUP, kind)}
            bound = {_policy_of(index, item): item for item in index.of_kind(_GROUP, f"{kind}Binding")}
            finished = all(unit.state is not UnitState.UNKNOWN and not unit.failure for unit in index.units)
            for name, policy in policies.items():
                if name not in bound and finished:
                    yield _unbound(context, policy, set(bound) - set(policies))
            for name, binding in bound.items():
                unit = context.units.get(binding.origin.unit)
                if name and name not in policies and unit and not makers.may_be_made(context, unit, kind, "", name):
                    yield _dangling(context, binding, name, set(policies))


def _policy_of(index: ObjectIndex, binding: RenderedObject) -> str:
    name = mapping(index.body(binding).get("spec")).get("policyName")
    return name if isinstance(name, str) and "${" not in name else ""


def _unbound(context: Context, policy: RenderedObject, others: set[str]) -> Finding:
    near = nearest(policy.name, others)
    hint = (
        f"a binding names {near}: is it this one that is meant?"
        if near
        else f"add a {policy.kind}Binding that names it"
    )
    message = f"{policy}: no binding names the policy, so it does nothing"
    return about_object(RULE, policy, in_object(context, policy, ("metadata", "name")), message, hint=hint)


def _dangling(context: Context, binding: RenderedObject, name: str, known: set[str]) -> Finding:
    near = nearest(name, known)
    hint = f"did you mean {near}?" if near else "name a policy that is there"
    message = f"{binding}: there is no policy {name}, so the binding does nothing"
    return about_object(RULE, binding, in_object(context, binding, ("spec", "policyName")), message, hint=hint)
