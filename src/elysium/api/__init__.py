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
    from elysium.api.agent_files import lint_agents, sync_agents
    from elysium.api.baselines import Updated
    from elysium.api.beginning import Beginning, begin
    from elysium.api.component_sources import component_folders
    from elysium.api.continuous import WorkflowCheck, check_workflows, generate_workflows
    from elysium.api.fixing import Fixed, fix
    from elysium.api.hooks import HookState, hook_state, install_hook, remove_hook
    from elysium.api.housekeeping import Versions, cache_info, cache_prune, cache_verify, versions
    from elysium.api.latency import arrivals_of
    from elysium.api.plan_applying import PlanApplication, prepare_application, write_step
    from elysium.api.plan_drafting import Wanted, draft_plan
    from elysium.api.plan_registers import lint_change_log, lint_repository_registers
    from elysium.api.plan_rolling_back import RolledBack, roll_back_plan
    from elysium.api.plan_world import PlanWorld
    from elysium.api.planning import compare_plan, lint_plan, read_plan, verify_plan
    from elysium.api.previewing import PreviewOptions, compare_preview, judge_preview, preview_edge, render_preview
    from elysium.api.rehearsing import RehearsalOptions, merge_base_of, rehearse, rehearse_renders, take_snapshot
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
    "PlanApplication",
    "PlanWorld",
    "PreviewOptions",
    "Progress",
    "Question",
    "RehearsalOptions",
    "Report",
    "Request",
    "RolledBack",
    "Scaffold",
    "Scaffolder",
    "UnitChange",
    "Updated",
    "Upgrade",
    "Versions",
    "Wanted",
    "WorkflowCheck",
    "Workspace",
    "arrivals_of",
    "begin",
    "cache_info",
    "cache_prune",
    "cache_verify",
    "certificate_for",
    "check_workflows",
    "compare_plan",
    "compare_preview",
    "compare_versions",
    "component_folders",
    "draft_plan",
    "examine",
    "fix",
    "generate_workflows",
    "hook_state",
    "install_hook",
    "judge_preview",
    "library_of",
    "lint_agents",
    "lint_change_log",
    "lint_plan",
    "lint_repository_registers",
    "merge_base_of",
    "prepare_application",
    "preview_edge",
    "read_plan",
    "rehearse",
    "rehearse_renders",
    "remove_hook",
    "render_preview",
    "renew_baseline",
    "roll_back_plan",
    "seal_manifests",
    "split_range",
    "sync_agents",
    "take_snapshot",
    "verify_plan",
    "version_range",
    "versions",
    "write_scaffold",
    "write_sealed",
    "write_step",
]

_LATER = {
    "agent_files": ("lint_agents", "sync_agents"),
    "baselines": ("Updated",),
    "beginning": ("Beginning", "begin"),
    "component_sources": ("component_folders",),
    "continuous": ("WorkflowCheck", "check_workflows", "generate_workflows"),
    "fixing": ("Fixed", "fix"),
    "hooks": ("HookState", "hook_state", "install_hook", "remove_hook"),
    "housekeeping": ("Versions", "cache_info", "cache_prune", "cache_verify", "versions"),
    "latency": ("arrivals_of",),
    "plan_applying": ("PlanApplication", "prepare_application", "write_step"),
    "plan_drafting": ("Wanted", "draft_plan"),
    "plan_registers": ("lint_change_log", "lint_repository_registers"),
    "plan_rolling_back": ("RolledBack", "roll_back_plan"),
    "plan_world": ("PlanWorld",),
    "planning": ("compare_plan", "lint_plan", "read_plan", "verify_plan"),
    "previewing": ("PreviewOptions", "compare_preview", "judge_preview", "preview_edge", "render_preview"),
    "rehearsing": ("RehearsalOptions", "merge_base_of", "rehearse", "rehearse_renders", "take_snapshot"),
    "scaffolding": ("Request", "Scaffold", "Scaffolder", "library_of", "write_scaffold"),
    "sealing_secrets": ("certificate_for", "seal_manifests", "write_sealed"),
    "upgrading": ("ObjectChange", "UnitChange", "Upgrade", "compare_versions", "version_range"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATER.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"elysium.api.{module}"), name)
