"""An Ingress without a class in a cluster whose classes are known, none of which is the default.

Without `ingressClassName` only the IngressClass with the annotation `ingressclass.kubernetes.io/is-default-class` is
taken. Where there is none, it depends on the controller whether anybody serves the Ingress.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.certainty import complete
from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate import ObjectIndex
from elysium.evaluate.routing import ingress_class
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="ingress-without-class",
    severity=Severity.WARNING,
    summary="an Ingress has no class, and no class is the default",
    topic=Topic.INGRESS,
    profiles=("review",),
)

_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Ingress that leaves its class open."""
    for cluster, index in context.objects.items():
        names = [item.name for item in index.of_kind("networking.k8s.io", "IngressClass")]
        if not names or _has_default(index) or not complete(context, cluster):
            continue
        for item in index.of_kind("networking.k8s.io", "Ingress"):
            if not ingress_class(index.body(item)):
                at = in_object(context, item, ("spec",))
                hint = f"say which one: ingressClassName: {' or '.join(sorted(names))}"
                message = f"{item}: no ingressClassName, and no IngressClass is the default"
                yield about_object(RULE, item, at, message, hint=hint)


def _has_default(index: ObjectIndex) -> bool:
    for item in index.of_kind("networking.k8s.io", "IngressClass"):
        annotations = mapping(mapping(index.body(item).get("metadata")).get("annotations"))
        if str(annotations.get(_DEFAULT)).lower() == "true":
            return True
    return False
