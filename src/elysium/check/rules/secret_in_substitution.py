"""A password, token or key in a plain ConfigMap that Flux takes variables from.

`postBuild.substituteFrom` reads Secrets as well as ConfigMaps: what is secret belongs into the Secret (sealed or
encrypted in Git), the rest into the ConfigMap. The variables keep their names, so nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check import references
from elysium.check.context import Context
from elysium.check.plaintext_objects import finding, written_objects
from elysium.check.plaintext_tree import leaks
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="secret-in-substitution",
    severity=Severity.ERROR,
    summary="a secret value in the plain ConfigMap that variables come from",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
    supersedes=("plaintext-config",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each secret value in a ConfigMap of `substituteFrom`."""
    named = {item.name: item for item in references.references(context) if _plain_variables(item)}
    for item in written_objects(context) if named else ():
        if item.kind == "ConfigMap" and item.reference.name in named:
            for leak in leaks(context.decode, mapping(item.body.get("data")), ("data",)):
                holder = named[item.reference.name].unit.id
                hint = f"move it to the Secret that {holder} takes variables from (substituteFrom), sealed or encrypted"
                yield finding(RULE, context, item, leak, hint)


def _plain_variables(reference: references.Reference) -> bool:
    return reference.kind == "ConfigMap" and reference.field == "substituteFrom"
