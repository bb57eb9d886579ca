"""Rules over a render and its files.

A rule is a module of `elysium.check.rules` whose name is the rule's id; the pipeline (`registry.PIPELINE`) is an
ordered tuple of them. `run.run` gives their findings, the worst first, without those that the repository
accepts with a reason. Here stands what a remembered report needs; what rules look at is in `context`.
"""

from __future__ import annotations

from elysium.check.rule import Rule
from elysium.check.selection import FAIL_ON, PROFILES, Selection
from elysium.check.summary import Summary, summarise
from elysium.check.unknown_kinds import UnknownKind

__all__ = ["FAIL_ON", "PROFILES", "Rule", "Selection", "Summary", "UnknownKind", "summarise"]
