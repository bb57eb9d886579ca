"""Which rules exist, and in which order they run."""

from __future__ import annotations

import importlib

from elysium.check.rule import LoadedRule, Rule
from elysium.check.suppression import UNUSED

__all__ = ["PIPELINE", "identifiers", "load", "rules"]

PIPELINE: tuple[str, ...] = (
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
"""Rules in the order in which they run: what breaks a file, what breaks a unit, what is wrong with the result."""


def identifiers() -> tuple[str, ...]:
    """Every rule id that a finding can have; the last one comes from the frame itself."""
    return (*PIPELINE, UNUSED.id)


def load(identifier: str) -> LoadedRule:
    """Import one rule of the pipeline."""
    module = importlib.import_module(f"elysium.check.rules.{identifier.replace('-', '_')}")
    return LoadedRule(rule=module.RULE, check=module.check, explanation=(module.__doc__ or "").strip())


def rules() -> tuple[Rule, ...]:
    """What is known about every rule, in order."""
    return (*(load(identifier).rule for identifier in PIPELINE), UNUSED)
