"""Which rules are asked for, and what makes a check fail."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.check import registry
from elysium.check.rule import LoadedRule, Rule
from elysium.check.spelling import nearest
from elysium.check.suppression import UNUSED
from elysium.errors import UsageError

__all__ = ["FAIL_ON", "PROFILES", "Selection"]

PROFILES = {
    "default": "error",
    "pre-commit": "error",
    "review": "error",
    "gitops": "error",
    "security": "warning",
    "strict": "warning",
}
"""Profiles by name, each with the severity from which findings fail the check."""

_INCLUDES = {"review": ("default", "review")}

FAIL_ON = ("error", "warning", "unknown")
"""What a check can fail on, besides errors."""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Rules by id, or else those of a profile (`default` when empty). `own` are the ids of the repository's own rules,
    which every profile runs.
    """

    rules: tuple[str, ...] = ()
    profile: str = ""
    own: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _known("rule", self.rules, (*registry.identifiers(), *self.own))
        _known("profile", (self.profile,) if self.profile else (), PROFILES)

    def load(self) -> tuple[LoadedRule, ...]:
        """The rules to run, in the order of the pipeline."""
        if self.rules:
            return tuple(registry.load(name) for name in registry.PIPELINE if name in self.rules)
        loaded = (registry.load(name) for name in registry.PIPELINE)
        return tuple(rule for rule in loaded if self._runs(rule.rule))

    @property
    def policies(self) -> tuple[str, ...]:
        """The own rules to run."""
        return tuple(name for name in self.own if not self.rules or name in self.rules)

    @property
    def reports_unused(self) -> bool:
        """Whether suppressions that suppress nothing are reported: only a whole profile can tell."""
        return UNUSED.id in self.rules if self.rules else self._runs(UNUSED)

    def _runs(self, rule: Rule) -> bool:
        profile = self.profile or "default"
        return profile == "strict" or not set(_INCLUDES.get(profile, (profile,))).isdisjoint(rule.profiles)


def _known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name in known:
            continue
        near = nearest(name, known)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
        raise UsageError(f"there is no {what} {name!r}", hint=hint)
