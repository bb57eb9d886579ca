"""Resources, quotas, scheduling, storage, availability and schedules."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "request-over-limit",
    "extended-resource-mismatch",
    "limit-range-violated",
    "quota-needs-values",
    "quota-exceeded",
    "quota-rollout",
    "unschedulable",
    "overcommitted",
    "gpu-device",
)
