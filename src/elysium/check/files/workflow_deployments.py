"""Commands of workflows that change a cluster, and clusters that a job only starts for itself."""

from __future__ import annotations

import re

from elysium.check.files.workflow_files import Job, Workflow
from elysium.evaluate.workloads import mapping

__all__ = ["DEPLOYS", "TESTS", "deploys_elsewhere", "only_tags"]

DEPLOYS = re.compile(
    r"\bkubectl\s+(?:[-\w=]+\s+)*(?:apply|delete|create\s+namespace|rollout\s+restart|set\s+image|patch)\b(?![^\n]*--dry-run)"
    r"|\bhelm\s+(?:upgrade|install|uninstall)\b(?![^\n]*--dry-run)|\bfission\s+spec\s+apply\b"
    r"|\bcoder\s+templates?\s+push\b|\bflux\s+(?:push|bootstrap)\b"
)
"""A command that changes what runs somewhere."""

TESTS = re.compile(r"(?i)e2e|test|conform|integration|\bkind\b|\bci\b|smoke")
"""Names of jobs and files that try something out."""

_LOCAL = re.compile(r"(?i)\bkind\b|k3d|minikube|microk8s|k3s")


def deploys_elsewhere(job: Job) -> bool:
    """Whether its cluster outlives it: a cluster of kind or k3d that the job itself starts does not."""
    return not (TESTS.search(job.name) or any(_LOCAL.search(f"{step.uses}\n{step.run}") for step in job.steps))


def only_tags(workflow: Workflow) -> bool:
    """Whether pushes start it by tags alone: each is its own release."""
    filters = mapping(workflow.triggers.get("push"))
    others = {"pull_request", "pull_request_target", "workflow_run"} & workflow.triggers.keys()
    return "tags" in filters and "branches" not in filters and not others
