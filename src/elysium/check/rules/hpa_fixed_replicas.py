"""A number of replicas in Git for what an autoscaler scales.

Flux applies `replicas` again at every reconciliation and undoes what the autoscaler did: the workload jumps between
the two numbers. Leave the field out; the API server keeps what is there. Releases are not judged, because Helm sets the
field only when it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.autoscaling import autoscalers_of
from elysium.evaluate.workloads import Workload, mapping, workloads
from elysium.model import Finding, Severity, UnitKind

__all__ = ["RULE", "check"]

RULE = Rule(
    id="hpa-fixed-replicas",
    severity=Severity.WARNING,
    summary="replicas in Git of a workload that an autoscaler scales",
    topic=Topic.AVAILABILITY,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload that a Kustomization applies."""
    for index in context.objects.values():
        for workload in workloads(index):
            spec = mapping(workload.body.get("spec"))
            if spec.get("replicas") is None or not _reapplied(workload):
                continue
            for scaler in autoscalers_of(index, workload)[:1]:
                if scaler.smallest == scaler.largest == spec["replicas"]:
                    continue
                message = (
                    f"{workload.item}: replicas is {spec['replicas']} in Git, and {scaler.item.kind} "
                    f"{scaler.item.name} scales it: Flux sets it back at every reconciliation"
                )
                at = in_object(context, workload.item, ("spec", "replicas"))
                yield about_object(RULE, workload.item, at, message, hint="leave `replicas` out")


def _reapplied(workload: Workload) -> bool:
    annotations = mapping(mapping(workload.body.get("metadata")).get("annotations"))
    once = annotations.get("kustomize.toolkit.fluxcd.io/ssa") in ("IfNotPresent", "Ignore")
    return workload.item.origin.unit.kind is UnitKind.KUSTOMIZATION and not once
