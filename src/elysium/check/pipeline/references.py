"""What one object of the cluster expects of another."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "missing-namespace",
    "missing-secret",
    "missing-secret-key",
    "missing-config-map",
    "missing-config-map-key",
    "missing-claim",
    "missing-service-account",
    "missing-priority-class",
    "missing-runtime-class",
    "missing-storage-class",
    "missing-service",
    "missing-service-port",
    "missing-ingress-class",
    "missing-issuer",
    "missing-middleware",
    "missing-gateway",
    "gateway-refuses-route",
    "missing-reference-grant",
    "missing-secret-store",
    "service-selects-nothing",
    "service-target-port",
    "probe-port",
    "duplicate-node-port",
    "duplicate-load-balancer-ip",
    "duplicate-host",
    "ingress-without-class",
    "ingress-tls-secret",
    "tls-host-mismatch",
    "public-ingress-without-tls",
    "ts-ingress",
    "service-monitor-selects-nothing",
    "monitor-not-selected",
    "mount-wait",
    "unused-secret",
)
