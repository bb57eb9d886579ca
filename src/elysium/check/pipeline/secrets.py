"""Secrets in the clear, sealed values, certificates and images."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "plaintext-value",
    "plaintext-config",
    "plaintext-environment",
    "plaintext-file",
    "secret-in-substitution",
    "unencrypted-by-rule",
    "partly-encrypted-secret",
    "sealed-secret-scope",
    "sealed-secret-namespace",
    "sealed-secret-value",
    "sealed-secret-template",
    "sealed-secret-place",
    "sealing-certificate",
    "certificate-expired",
    "image-invalid",
    "image-latest",
    "image-tag-mutable",
    "image-pull-policy",
    "digest-as-label",
    "image-marker",
    "image-policy",
    "image-automation",
    "automation-branch",
    "image-pull-secret",
    "migration-image",
)
