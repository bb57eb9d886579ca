"""Rights, isolation and reach: RBAC, pod security and network policies."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "pod-security-violation",
    "invalid-pod-security-label",
    "contradicting-security-context",
    "policy-blocks-dns",
    "policy-blocks-dependency",
    "policy-blocks-ingress",
    "policy-blocks-scraping",
    "policy-selects-nothing",
    "no-default-deny",
    "missing-role",
    "missing-subject",
    "impersonation-lacks-rights",
    "wildcard-role",
    "cluster-admin-binding",
    "secret-reader",
    "escalating-role",
    "run-as-root",
    "privileged-container",
    "privilege-escalation",
    "writable-root",
    "capabilities",
    "host-access",
    "host-docker-socket",
    "host-path-write",
    "seccomp-profile",
    "sysctl-unsafe",
    "automounted-token",
    "default-service-account",
)
