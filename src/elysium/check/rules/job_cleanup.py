"""A Job that Flux applies once, and never again with a change.

The pod template of a Job is immutable. A finished Job stays, so the next change (a new image is enough) is refused:
"field is immutable", and with it the whole Kustomization fails. `kustomize.toolkit.fluxcd.io/force: enabled` lets Flux
replace the Job.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, RenderedObject, Severity, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="job-cleanup",
    severity=Severity.WARNING,
    summary="a Job whose next change Flux cannot apply",
    topic=Topic.GITOPS,
    profiles=("review", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Job that a Kustomization applies."""
    for index in context.objects.values():
        for item in index.of_kind("batch", "Job"):
            if item.origin.unit.kind is UnitKind.KUSTOMIZATION and not _replaced(index, item):
                at = in_object(context, item, ("metadata",))
                message = f"{item} stays when it is done, and Flux cannot apply its next change: it is immutable"
                hint = 'add the annotation kustomize.toolkit.fluxcd.io/force: "enabled"'
                yield about_object(RULE, item, at, message, hint=hint)


def _replaced(index: ObjectIndex, item: RenderedObject) -> bool:
    """Whether Flux may replace it, applies it once only, it goes by itself, or Helm runs it from a chart."""
    body = index.body(item)
    annotations = mapping(mapping(body.get("metadata")).get("annotations"))
    forced = str(annotations.get("kustomize.toolkit.fluxcd.io/force") or "").lower() == "enabled"
    once = annotations.get("kustomize.toolkit.fluxcd.io/ssa") in ("IfNotPresent", "Ignore")
    definition = index.definition(item.origin.unit)
    unit_forces = definition is not None and mapping(index.body(definition).get("spec")).get("force") is True
    leaves = mapping(body.get("spec")).get("ttlSecondsAfterFinished") is not None
    hook = "helm.sh/hook" in annotations and not item.origin.unit.namespace
    return forced or once or unit_forces or leaves or hook
