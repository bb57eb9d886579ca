"""Pods that their namespace refuses.

The label `pod-security.kubernetes.io/enforce` of a namespace makes the API server refuse every pod that does not meet
the level (`baseline`, `restricted`) of the Pod Security Standards. It accepts the Deployment, which then never gets a
pod: nothing fails when Flux applies it. `warn` and `audit` refuse nothing, but say that somebody means to enforce them.
The controls are those of the version that the label names, or of the cluster's Kubernetes version.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.hardening import namespace_labels, pods
from elysium.evaluate import ObjectIndex, Workload
from elysium.evaluate.pod_security import Setting, Violation, newest_minor, settings, violations
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="pod-security-violation",
    severity=Severity.ERROR,
    summary="pods do not meet the Pod Security level of their namespace",
    topic=Topic.POD_SECURITY,
    profiles=("default", "pre-commit", "security"),
)


_MUTATORS = (
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
    ("kyverno.io", "ClusterPolicy"),
    ("kyverno.io", "Policy"),
    ("policies.kyverno.io", "MutatingPolicy"),
    ("mutations.gatekeeper.sh", "Assign"),
    ("mutations.gatekeeper.sh", "ModifySet"),
)
_SEVERITY = {"enforce": Severity.ERROR, "warn": Severity.WARNING, "audit": Severity.INFO}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each workload and the strictest mode that its pods do not meet."""
    newest = newest_minor(context.render.kubernetes)
    for index, workload in pods(context):
        labels = namespace_labels(index, workload.namespace)
        if not labels or _mutated(index):
            continue
        for setting in settings(labels):
            minor = newest if setting.minor is None else min(setting.minor, newest)
            found = violations(setting.level, workload.spec, workload.annotations, minor)
            if found:
                yield _finding(context, workload, setting, found)
                break


def _finding(context: Context, workload: Workload, setting: Setting, found: tuple[Violation, ...]) -> Finding:
    listed = "; ".join(str(violation) for violation in found)
    consequence = "refuses its pods" if setting.mode == "enforce" else "does not want its pods"
    message = f"{workload.item}: namespace {workload.namespace} ({setting}) {consequence}: {listed}"
    at = in_object(context, workload.item, (*workload.spec_path, *found[0].offences[0].path))
    hint = f"mend the securityContext, or lower pod-security.kubernetes.io/{setting.mode} if the workload needs this"
    return about_object(RULE, workload.item, at, message, hint=hint, severity=_SEVERITY[setting.mode])


def _mutated(index: ObjectIndex) -> bool:
    """Whether something sets security contexts of pods on their way in: what stands in Git is then not what counts."""
    return any(b"securityContext" in item.raw for group, kind in _MUTATORS for item in index.of_kind(group, kind))
