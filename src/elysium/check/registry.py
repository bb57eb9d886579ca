"""Which rules exist, and in which order they run."""

from __future__ import annotations

import importlib

from elysium.check.pipeline import access, core, files, operations, policies, references, secrets, sizing
from elysium.check.rule import LoadedRule, Rule, Topic
from elysium.check.suppression import UNUSED

__all__ = ["PIPELINE", "expand", "identifiers", "load", "rules"]

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


def expand(names: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of rules for names that may be topics, too: `monitoring` is every rule about it. Other names stay."""
    topics = {topic.value for topic in Topic}.intersection(names).difference(PIPELINE)
    if not topics:
        return names
    found = (rule.id for rule in rules() if rule.topic.value in topics)
    return tuple(dict.fromkeys((*(name for name in names if name not in topics), *found)))


def load(identifier: str) -> LoadedRule:
    """Import one rule of the pipeline."""
    module = importlib.import_module(f"elysium.check.rules.{identifier.replace('-', '_')}")
    return LoadedRule(rule=module.RULE, check=module.check, explanation=(module.__doc__ or "").strip())


def rules() -> tuple[Rule, ...]:
    """What is known about every rule, in order."""
    return (*(load(identifier).rule for identifier in PIPELINE), UNUSED)
