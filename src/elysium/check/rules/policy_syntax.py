"""A ValidatingAdmissionPolicy with an expression that does not compile.

The API server compiles every CEL expression of a policy when it is created, in the environment of its version:
variables (`object`, `oldObject`, `request`, `namespaceObject`, `params` where there is a `paramKind`, `authorizer`,
`variables`), types and functions. It refuses the policy if one does not compile or has a value of another type, so
nothing is enforced.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.policies.admission import problems
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="policy-syntax",
    severity=Severity.ERROR,
    summary="a ValidatingAdmissionPolicy whose expression does not compile",
    topic=Topic.POLICY,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each expression."""
    for problem in problems(context):
        policy, path = problem.policy, problem.path
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        message = f"{policy}: {field or 'the policy'} does not compile: {problem.message}"
        hint = "the API server refuses the policy; mend the CEL expression"
        yield about_object(RULE, policy, in_object(context, policy, path), message, hint=hint)
