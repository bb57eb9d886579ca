"""An account that may read the Secrets of every namespace.

Service account tokens, passwords and keys of TLS are Secrets: who may `get` or `list` them everywhere is all but
cluster-admin (`list` returns the contents, too). A RoleBinding per namespace or `resourceNames` narrows it. Roles with
wildcards and `cluster-admin` have rules of their own; what a chart brings, as for operators whose work Secrets are, is
only information.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rights import flux_made, severity_for
from elysium.check.rule import Rule, Topic
from elysium.evaluate.rbac import access_of
from elysium.evaluate.roles import RoleRule
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="secret-reader",
    severity=Severity.WARNING,
    summary="an account may read every Secret of the cluster",
    topic=Topic.ACCESS,
    profiles=("security",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each ClusterRoleBinding whose role reads Secrets."""
    for index in context.objects.values():
        for binding in access_of(index).bindings:
            rules = binding.rules.rules if binding.rules and not binding.namespace else ()
            verbs = [verb for verb in ("get", "list", "watch") if any(_reads(rule, verb) for rule in rules)]
            if not verbs or binding.role == "cluster-admin" or flux_made(index, binding.item):
                continue
            subjects = ", ".join(str(subject) for subject in binding.subjects) or "nobody"
            message = f"{binding.item}: {binding.role} lets {subjects} {', '.join(verbs)} Secrets of every namespace"
            at = in_object(context, binding.item, ("roleRef", "name"))
            hint = "bind it in the namespaces that matter, or name the Secrets in resourceNames"
            yield about_object(RULE, binding.item, at, message, hint=hint, severity=severity_for(binding.item))


def _reads(rule: RoleRule, verb: str) -> bool:
    everything = "*" in rule.resources and "*" in rule.verbs
    return not everything and rule.allows(verb, "", "secrets")
