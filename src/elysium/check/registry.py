"""Which rules exist, and in which order they run."""

from __future__ import annotations

import importlib

from elysium.check.pipeline import access, core, files, operations, policies, references, secrets, sizing
from elysium.check.rule import LoadedRule, Rule
from elysium.check.suppression import UNUSED

__all__ = ["PIPELINE", "identifiers", "load", "rules"]

PIPELINE: tuple[str, ...] = (
    *core.RULES,
    *references.RULES,
    *sizing.RULES,
    *access.RULES,
    *secrets.RULES,
    *operations.RULES,
    *files.RULES,
    *policies.RULES,
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
