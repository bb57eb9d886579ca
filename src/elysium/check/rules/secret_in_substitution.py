"""A password, token or key among the variables of Flux that stand in plain text: in a ConfigMap, or in `substitute`.

`postBuild.substituteFrom` reads Secrets as well as ConfigMaps: what is secret belongs into the Secret (sealed or
encrypted in Git), the rest into the ConfigMap. The variables keep their names, so nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.flux import references
from elysium.check.plaintext.objects import finding, written_objects
from elysium.check.plaintext.tree import leaks
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="secret-in-substitution",
    severity=Severity.ERROR,
    summary="a secret value among the variables of Flux that stand in plain text",
    topic=Topic.SECRETS,
    profiles=("default", "pre-commit", "gitops", "security"),
    supersedes=("plaintext-config",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each secret value in a ConfigMap of `substituteFrom`, or inline."""
    yield from _inline(context)
    named = {item.name: item for item in references.references(context) if _plain_variables(item)}
    for item in written_objects(context) if named else ():
        if item.kind == "ConfigMap" and item.reference.name in named:
            for leak in leaks(context.decode, mapping(item.body.get("data")), ("data",)):
                holder = named[item.reference.name].unit.id
                hint = f"move it to the Secret that {holder} takes variables from (substituteFrom), sealed or encrypted"
                yield finding(RULE, context, item, leak, hint)


def _inline(context: Context) -> Iterator[Finding]:
    for item in written_objects(context):
        if item.kind == "Kustomization":
            substitute = mapping(mapping(item.body.get("spec")).get("postBuild")).get("substitute")
            for leak in leaks(context.decode, mapping(substitute), ("spec", "postBuild", "substitute")):
                hint = "move it to a Secret, sealed or encrypted, and name that in substituteFrom"
                yield finding(RULE, context, item, leak, hint)


def _plain_variables(reference: references.Reference) -> bool:
    return reference.kind == "ConfigMap" and reference.field == "substituteFrom"
