"""Secrets in the clear, sealed values, certificates and images."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "plaintext-value",
    "plaintext-config",
    "plaintext-environment",
    "plaintext-file",
    "secret-in-substitution",
)
