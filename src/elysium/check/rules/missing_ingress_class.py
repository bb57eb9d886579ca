"""An IngressClass that does not exist.

No controller serves an Ingress of an unknown class, and nothing says so. Only repositories that know at least one class
are held against this; the class of the Traefik that k3s brings along is taken as there, and the old annotation needs no
IngressClass.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, settings_of, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-ingress-class",
    severity=Severity.WARNING,
    summary="an Ingress has a class that nothing makes",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)

_OF_K3S = "traefik"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Ingress of an unknown class."""
    for index, use in uses(context, "IngressClass"):
        known = {item.name for item in index.of_kind("networking.k8s.io", "IngressClass")}
        known.update(settings_of(context, use).ingress_classes)
        if known and use.name not in known and use.name != _OF_K3S:
            finding = missing(RULE, context, use, known)
            if finding is not None:
                yield finding
