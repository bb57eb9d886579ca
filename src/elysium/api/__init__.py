"""The Python API: `Workspace` and what its verbs return."""

from __future__ import annotations

from elysium.api.baselines import Updated
from elysium.api.beginning import Beginning, begin
from elysium.api.examining import Question, examine, renew_baseline, split_range
from elysium.api.fixing import Fixed, fix
from elysium.api.hooks import HookState, hook_state, install_hook, remove_hook
from elysium.api.housekeeping import Versions, cache_info, cache_prune, cache_verify, versions
from elysium.api.options import Options
from elysium.api.report import Comparison, Report
from elysium.api.upgrading import ObjectChange, UnitChange, Upgrade, compare_versions, version_range
from elysium.api.workspace import Progress, Workspace

__all__ = [
    "Beginning",
    "Comparison",
    "Fixed",
    "HookState",
    "ObjectChange",
    "Options",
    "Progress",
    "Question",
    "Report",
    "UnitChange",
    "Updated",
    "Upgrade",
    "Versions",
    "Workspace",
    "begin",
    "cache_info",
    "cache_prune",
    "cache_verify",
    "compare_versions",
    "examine",
    "fix",
    "hook_state",
    "install_hook",
    "remove_hook",
    "renew_baseline",
    "split_range",
    "version_range",
    "versions",
]
