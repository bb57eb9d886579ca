"""The Python API: `Workspace` and what its verbs return; `examine` and the other questions that need more than one.

What a plain check does not need is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from elysium.api.examining import Question, examine, renew_baseline, split_range
from elysium.api.options import Options
from elysium.api.report import Comparison, Report
from elysium.api.workspace import Progress, Workspace

if TYPE_CHECKING:
    from elysium.api.baselines import Updated
    from elysium.api.beginning import Beginning, begin
    from elysium.api.component_sources import component_folders
    from elysium.api.continuous import WorkflowCheck, check_workflows, generate_workflows
    from elysium.api.fixing import Fixed, fix
    from elysium.api.hooks import HookState, hook_state, install_hook, remove_hook
    from elysium.api.housekeeping import Versions, cache_info, cache_prune, cache_verify, versions
    from elysium.api.latency import arrivals_of
    from elysium.api.previewing import PreviewOptions, compare_preview, judge_preview, preview_edge, render_preview
    from elysium.api.scaffolding import Request, Scaffold, Scaffolder, library_of, write_scaffold
    from elysium.api.sealing_secrets import certificate_for, seal_manifests, write_sealed
    from elysium.api.upgrading import ObjectChange, UnitChange, Upgrade, compare_versions, version_range

__all__ = [
    "Beginning",
    "Comparison",
    "Fixed",
    "HookState",
    "ObjectChange",
    "Options",
    "PreviewOptions",
    "Progress",
    "Question",
    "Report",
    "Request",
    "Scaffold",
    "Scaffolder",
    "UnitChange",
    "Updated",
    "Upgrade",
    "Versions",
    "WorkflowCheck",
    "Workspace",
    "arrivals_of",
    "begin",
    "cache_info",
    "cache_prune",
    "cache_verify",
    "certificate_for",
    "check_workflows",
    "compare_preview",
    "compare_versions",
    "component_folders",
    "examine",
    "fix",
    "generate_workflows",
    "hook_state",
    "install_hook",
    "judge_preview",
    "library_of",
    "preview_edge",
    "remove_hook",
    "render_preview",
    "renew_baseline",
    "seal_manifests",
    "split_range",
    "version_range",
    "versions",
    "write_scaffold",
    "write_sealed",
]

_LATER = {
    "baselines": ("Updated",),
    "beginning": ("Beginning", "begin"),
    "component_sources": ("component_folders",),
    "continuous": ("WorkflowCheck", "check_workflows", "generate_workflows"),
    "fixing": ("Fixed", "fix"),
    "hooks": ("HookState", "hook_state", "install_hook", "remove_hook"),
    "housekeeping": ("Versions", "cache_info", "cache_prune", "cache_verify", "versions"),
    "previewing": ("PreviewOptions", "compare_preview", "judge_preview", "preview_edge", "render_preview"),
    "latency": ("arrivals_of",),
    "scaffolding": ("Request", "Scaffold", "Scaffolder", "library_of", "write_scaffold"),
    "sealing_secrets": ("certificate_for", "seal_manifests", "write_sealed"),
    "upgrading": ("ObjectChange", "UnitChange", "Upgrade", "compare_versions", "version_range"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATER.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"elysium.api.{module}"), name)
