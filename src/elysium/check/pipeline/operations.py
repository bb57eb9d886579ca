"""Monitoring, expressions, intervals of Flux and values of releases."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "unused-variable",
    "patch-without-target",
    "notification",
    "health-check",
    "release-conflict",
    "dashboard-json",
    "interval",
    "retry-interval",
    "no-prune",
    "wait-timeout",
    "helm-remediation",
    "helm-crds-policy",
    "suspended",
    "insecure-source",
    "source-ref-branch",
    "chart-version-range",
    "kustomization-force",
)
