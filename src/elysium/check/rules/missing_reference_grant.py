"""A route or Gateway that reaches into another namespace without being allowed to.

In the Gateway API a reference to a Service or Secret of another namespace counts only when a ReferenceGrant there names
the kind and namespace that it comes from. Otherwise the reference is refused (`RefNotPermitted`): the route answers
500, the listener has no certificate.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import namespace_is_known
from elysium.check.absence.missing import uses
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Use
from elysium.evaluate.consumers.gateway import GROUP
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-reference-grant",
    severity=Severity.ERROR,
    summary="no ReferenceGrant allows a reference into another namespace",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference of a route or Gateway across namespaces without a grant."""
    for kind in ("Service", "Secret"):
        for index, use in uses(context, kind):
            if use.item.id.group != GROUP or use.namespace == use.item.namespace or _granted(index, use):
                continue
            if namespace_is_known(context, use.item.origin.unit.cluster, use.namespace):
                at = in_object(context, use.item, use.path)
                message = f"{use.item}: no ReferenceGrant in {use.namespace} allows it to use {use}"
                hint = f"add one: from {use.item.kind} of {use.item.namespace}, to {kind} {use.name}"
                yield about_object(RULE, use.item, at, message, hint=hint)


def _granted(index: ObjectIndex, use: Use) -> bool:
    for item in index.of_kind(GROUP, "ReferenceGrant"):
        spec = mapping(index.body(item).get("spec"))
        sources = (
            (mapping(entry).get("kind"), mapping(entry).get("namespace")) for entry in sequence(spec.get("from"))
        )
        targets = ((mapping(entry).get("kind"), mapping(entry).get("name")) for entry in sequence(spec.get("to")))
        if (
            item.namespace == use.namespace
            and (use.item.kind, use.item.namespace) in list(sources)
            and any(kind == use.kind and name in (None, "", use.name) for kind, name in targets)
        ):
            return True
    return False
