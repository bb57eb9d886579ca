"""Resources, quotas, scheduling, storage, availability and schedules."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "invalid-name",
    "invalid-label",
    "invalid-pod",
    "invalid-service",
    "too-large",
    "invalid-limits",
    "invalid-claim",
    "invalid-budget",
    "request-over-limit",
    "extended-resource-mismatch",
    "limit-range-violated",
    "quota-needs-values",
    "quota-exceeded",
    "quota-rollout",
    "unschedulable",
    "overcommitted",
    "gpu-device",
    "job-restart-policy",
    "selector-mismatch",
    "hpa-range",
    "hpa-target-missing",
    "hpa-without-request",
    "hpa-fixed-replicas",
    "pdb-blocks-drain",
    "pdb-selects-nothing",
    "rwo-rolling-update",
    "rwo-shared",
    "statefulset-service",
    "probe-timing",
    "missing-probes",
    "container-resources",
    "job-cleanup",
)
