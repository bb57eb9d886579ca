"""What a rule is: one module with a `RULE` and a `check` function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from elysium.check.context import Context
from elysium.model import Finding, Severity

__all__ = ["Check", "LoadedRule", "Rule"]

Check = Callable[[Context], Iterator[Finding]]
"""The one signature of every rule."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a rule without running it.

    `profiles` are those that run it. `explains` are the codes of failures (model.Failure.code) for which this rule
    names the cause: its finding then takes the place of `build-failure` for the same unit. `supersedes` are rules whose
    findings on the same line say less.
    """

    id: str
    severity: Severity
    summary: str
    profiles: tuple[str, ...] = ("default", "strict")
    explains: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()


class LoadedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its function and the explanation that its module begins with."""

    rule: Rule
    check: Check
    explanation: str
