"""A role with a wildcard.

`*` for verbs allows `escalate`, `bind` and `impersonate` where they exist and every verb that will be invented; `*` for
resources allows Secrets, and kinds that are installed later. Name what is needed. `cluster-admin` has its own rule,
what belongs to Flux itself is left alone, and what a chart brings is only information: it is not yours to narrow.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rights import flux_made, severity_for
from elysium.check.rule import Rule, Topic
from elysium.evaluate.roles import GROUP, RoleRule, role_rules
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="wildcard-role",
    severity=Severity.WARNING,
    summary="a role allows every verb or every resource",
    topic=Topic.ACCESS,
    profiles=("security",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each role, at its first rule with a wildcard."""
    for index in context.objects.values():
        for item in (*index.of_kind(GROUP, "Role"), *index.of_kind(GROUP, "ClusterRole")):
            found = [(number, rule) for number, rule in enumerate(role_rules(index.body(item))) if _wild(rule)]
            if found and not flux_made(index, item):
                at = in_object(context, item, ("rules", found[0][0]))
                message = f"{item} allows {_words(found[0][1])}"
                yield about_object(
                    RULE,
                    item,
                    at,
                    message,
                    hint="list the verbs and resources that are needed",
                    severity=severity_for(item),
                )


def _wild(rule: RoleRule) -> bool:
    """The resources of metrics APIs are the names of metrics, which nobody can list."""
    named = bool(rule.resources) and not all(group.endswith("metrics.k8s.io") for group in rule.groups)
    return named and ("*" in rule.verbs or "*" in rule.resources)


def _words(rule: RoleRule) -> str:
    verbs = "every verb" if "*" in rule.verbs else ", ".join(rule.verbs)
    resources = "every resource" if "*" in rule.resources else ", ".join(rule.resources)
    groups = "every API group" if "*" in rule.groups else ", ".join(group or "the core group" for group in rule.groups)
    return f"{verbs} on {resources} of {groups}"
