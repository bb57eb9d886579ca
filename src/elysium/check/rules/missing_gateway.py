"""A Gateway, or one of its listeners, that does not exist.

A route whose `parentRefs` name a Gateway that is not there is never accepted: nothing serves it. The same holds for a
`sectionName` that is the name of no listener. Gateways that a chart or operator might make are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate import ObjectIndex
from elysium.evaluate.consumers import Use
from elysium.evaluate.consumers.gateway import GROUP
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-gateway",
    severity=Severity.ERROR,
    summary="a route names a Gateway or listener that nothing makes",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference to a Gateway or listener that is not there."""
    for index, use in uses(context, "Gateway"):
        found = index.find(GROUP, "Gateway", use.namespace, use.name)
        gateways = index.of_kind(GROUP, "Gateway")
        known = (item.name for item in gateways if item.namespace == use.namespace)
        finding = missing(RULE, context, use, known) if not found else _listener(context, index, use, found)
        if finding is not None:
            yield finding


def _listener(context: Context, index: ObjectIndex, use: Use, found: list[RenderedObject]) -> Finding | None:
    """A finding when no listener has the name of the section; listeners may come from a ListenerSet, too."""
    spec = mapping(index.body(found[0]).get("spec"))
    listeners = [str(mapping(entry).get("name")) for entry in sequence(spec.get("listeners"))]
    if not use.key or use.key in listeners or "allowedListeners" in spec:
        return None
    near = nearest(use.key, listeners)
    hint = f"did you mean {near}?" if near else f"its listeners: {', '.join(listeners) or 'none'}"
    at = in_object(context, use.item, use.key_path)
    return about_object(RULE, use.item, at, f"{use.item}: {use} has no listener {use.key}", hint=hint)
