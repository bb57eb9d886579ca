"""A Kustomization that replaces objects by deleting them.

With `spec.force: true` an object whose immutable field changed is deleted and made anew. For a claim or a StatefulSet
that is the data or the service for a while; the annotation `kustomize.toolkit.fluxcd.io/force: Enabled` says the same
of a single object.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity, UnitId, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="kustomization-force",
    severity=Severity.INFO,
    summary="a Kustomization that replaces objects by deleting them",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)

_KEPT = ("PersistentVolumeClaim", "StatefulSet", "Namespace", "PersistentVolume")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Kustomization with force; a warning where it holds something with data."""
    for found in flux_objects(context, "Kustomization"):
        if found.spec.get("force") is True:
            cluster = found.item.origin.unit.cluster
            unit = context.units.get(UnitId(cluster, UnitKind.KUSTOMIZATION, found.item.namespace, found.item.name))
            kept = next((item for item in (unit.objects if unit else ()) if item.kind in _KEPT), None)
            at = in_object(context, found.item, ("spec", "force"))
            message = f"{found.item} deletes and makes anew what cannot be changed" + (f", also {kept}" if kept else "")
            hint = "take force out, and annotate the single objects that need it"
            severity = Severity.WARNING if kept else Severity.INFO
            yield about_object(RULE, found.item, at, message, hint=hint, severity=severity)
