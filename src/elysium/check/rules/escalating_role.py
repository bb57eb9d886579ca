"""A role by which its holder can get more rights.

`escalate` and `bind` lift the protection that nobody grants what they do not have, `impersonate` is acting as somebody
else, `serviceaccounts/token` makes tokens of other accounts, `nodes/proxy` runs commands in any pod past admission and
audit (Kubernetes documentation, "Role Based Access Control Good Practices"). What a chart brings is only information.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rights import flux_made, severity_for
from elysium.check.rule import Rule, Topic
from elysium.evaluate.rbac import escalations
from elysium.evaluate.roles import GROUP, role_rules
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="escalating-role",
    severity=Severity.WARNING,
    summary="a role leads to rights beyond itself",
    topic=Topic.ACCESS,
    profiles=("security",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each role; roles with wildcards are told by another rule."""
    for index in context.objects.values():
        for item in (*index.of_kind(GROUP, "Role"), *index.of_kind(GROUP, "ClusterRole")):
            rules = role_rules(index.body(item))
            named = tuple(rule for rule in rules if "*" not in rule.verbs and "*" not in rule.resources)
            found = list(escalations(named))
            if found and not flux_made(index, item):
                listed = "; ".join(f"{right}: {why}" for right, why in found)
                at = in_object(context, item, ("rules",))
                hint = "leave the right out, or narrow it with resourceNames"
                yield about_object(
                    RULE, item, at, f"{item} leads to more rights: {listed}", hint=hint, severity=severity_for(item)
                )
