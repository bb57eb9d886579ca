"""The keys and events that a GitHub workflow may have.

Source: GitHub documentation, "Workflow syntax for GitHub Actions" and "Events that trigger workflows".
"""

from __future__ import annotations

__all__ = ["ACTS", "EVENTS", "JOB", "PULL_REQUEST_TYPES", "STEP", "TOP"]

TOP = frozenset({"name", "run-name", "on", "true", "permissions", "env", "defaults", "concurrency", "jobs"})

JOB = frozenset(
    {
        "name",
        "permissions",
        "needs",
        "if",
        "runs-on",
        "snapshot",
        "environment",
        "concurrency",
        "outputs",
        "env",
        "defaults",
        "steps",
        "timeout-minutes",
        "strategy",
        "continue-on-error",
        "container",
        "services",
        "uses",
        "with",
        "secrets",
    }
)

ACTS = frozenset({"run", "uses", "wait", "wait-all", "cancel", "parallel"})

STEP = ACTS | {
    *("id", "if", "name", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes"),
    "background",
}

EVENTS = frozenset(
    {
        "branch_protection_rule",
        "check_run",
        "check_suite",
        "create",
        "delete",
        "deployment",
        "deployment_status",
        "discussion",
        "discussion_comment",
        "fork",
        "gollum",
        "image_version",
        "issue_comment",
        "issues",
        "label",
        "member",
        "merge_group",
        "milestone",
        "page_build",
        "project",
        "project_card",
        "project_column",
        "public",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_target",
        "push",
        "registry_package",
        "release",
        "repository_dispatch",
        "repository_ruleset",
        "schedule",
        "status",
        "watch",
        "workflow_call",
        "workflow_dispatch",
        "workflow_run",
    }
)

PULL_REQUEST_TYPES = frozenset(
    {
        "assigned",
        "unassigned",
        "labeled",
        "unlabeled",
        "opened",
        "edited",
        "closed",
        "reopened",
        "synchronize",
        "converted_to_draft",
        "locked",
        "unlocked",
        "enqueued",
        "dequeued",
        "milestoned",
        "demilestoned",
        "ready_for_review",
        "review_requested",
        "review_request_removed",
        "auto_merge_enabled",
        "auto_merge_disabled",
    }
)
