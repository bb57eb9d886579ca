"""What a rule is: one module with a `RULE` and a `check` function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from elysium.model import Finding, Severity

if TYPE_CHECKING:
    from elysium.check.context import Context

__all__ = ["Check", "LoadedRule", "Rule", "Topic"]

Check = Callable[["Context"], Iterator[Finding]]
"""The one signature of every rule."""


class Topic(StrEnum):
    """What a rule is about. Reports group by it, and the lines of the checklists are made of it."""

    SYNTAX = "syntax"
    BUILD = "build"
    SUBSTITUTION = "substitution"
    REFERENCES = "references"
    FLUX = "flux"
    SCHEMA = "schema"
    VERSIONS = "versions"
    SECRETS = "secrets"
    SIZING = "sizing"
    HEALTH = "health"
    AVAILABILITY = "availability"
    SCHEDULING = "scheduling"
    STORAGE = "storage"
    POD_SECURITY = "pod-security"
    ACCESS = "access"
    NETWORK = "network"
    INGRESS = "ingress"
    IMAGES = "images"
    MONITORING = "monitoring"
    CONVENTIONS = "conventions"
    DOCUMENTATION = "documentation"
    WORKFLOWS = "workflows"
    CODE = "code"
    GITOPS = "gitops"
    POLICY = "policy"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a rule without running it.

    `profiles` are those that run it; `strict` runs every rule without being named, `review` those of `default`, too.
    `explains` are the codes of failures (model.Failure.code) for which this rule names the cause: its finding then
    takes the place of `build-failure` for the same unit. `supersedes` are rules whose findings on the same line say
    less.
    """

    id: str
    severity: Severity
    summary: str
    topic: Topic
    profiles: tuple[str, ...] = ("default",)
    explains: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()


class LoadedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its function and the explanation that its module begins with."""

    rule: Rule
    check: Check
    explanation: str
