"""Files that no cluster reads, and conventions: workflows, Dockerfiles, templates, layout, naming, documents."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = (
    "workflow-syntax",
    "workflow-expression",
    "workflow-missing-file",
    "workflow-path-filter",
    "workflow-pull-request-target",
    "workflow-script-injection",
    "workflow-self-hosted-fork",
    "workflow-secret-in-pull-request",
    "workflow-permissions",
    "workflow-unpinned-action",
    "workflow-concurrency",
    "workflow-teardown",
)
