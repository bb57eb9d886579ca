"""What breaks a file, a unit, a reference of Flux or the schema of an object."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "yaml-syntax",
    "duplicate-key",
    "build-failure",
    "undefined-variable",
    "invalid-variable-name",
    "two-level-substitution",
    "dangling-reference",
    "missing-reference-key",
    "optional-reference-typo",
    "dangling-source",
    "dangling-dependency",
    "dependency-cycle",
    "deadlock",
    "duplicate-object",
    "orphan-file",
    "schema",
    "values-schema",
    "removed-api",
    "removed-flux-api",
    "plaintext-secret",
    "encrypted-secret",
)
