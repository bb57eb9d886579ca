"""The one source: which roles, tasks and rules there are. Every file of every format is made from these.

A role is an agent and a chat mode, a task is a prompt and a skill, a rule is a file of instructions; their texts are in
`texts/`, once each.
"""

from __future__ import annotations

import msgspec

__all__ = ["ALWAYS", "ROLES", "RULES", "TASKS", "Handoff", "Role", "Rule", "Task", "known_names"]


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    """What one may go on with after a role has answered: a button in the editor."""

    label: str
    agent: str
    prompt: str


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom one talks to, with the tools in the names of today and in those of chat modes."""

    name: str
    description: str
    hint: str
    tools: tuple[str, ...]
    older_tools: tuple[str, ...]
    handoffs: tuple[Handoff, ...] = ()


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is asked for again and again. `when` tells a skill when it is meant; `role` does it."""

    name: str
    description: str
    when: str
    hint: str
    role: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for files that match one of the patterns."""

    name: str
    description: str
    patterns: tuple[str, ...]


ROLES = (
    Role(
        name="planner",
        description="Plans a change to this repository and edits nothing",
        hint="what is to be deployed or changed",
        tools=("read", "search", "web"),
        older_tools=("codebase", "search", "usages", "fetch"),
        handoffs=(
            Handoff(
                label="Write the plan to a file",
                agent="agent",
                prompt="Write the plan above with `elysium plan new`, fill it in, and mend what `elysium plan lint` "
                "finds. Change nothing else.",
            ),
        ),
    ),
    Role(
        name="troubleshooter",
        description="Finds out why something does not become ready, and changes nothing in the cluster",
        hint="what does not work, and since when",
        tools=("read", "search", "execute"),
        older_tools=("codebase", "search", "usages", "runCommands"),
    ),
    Role(
        name="reviewer",
        description="Reviews a change before it is merged, and edits nothing",
        hint="a branch or a pull request; this branch by default",
        tools=("read", "search", "execute"),
        older_tools=("codebase", "search", "usages", "changes", "runCommands"),
    ),
)
"""Who there is. The planner only reads; the others may run commands, because checks are commands."""

TASKS = (
    Task(
        name="deploy-app",
        description="Deploy an application with Flux: plan it, scaffold it, seal its secrets, check it",
        when="Use when somebody wants to deploy, add or install an application, a chart or an image in the cluster",
        hint="the name of the application, and its image or chart",
    ),
    Task(
        name="manage-secrets",
        description="Create, change or rotate a sealed secret without ever seeing its value",
        when="Use when a password, token, key or certificate has to get into the cluster or has to be renewed",
        hint="which secret, of which application",
    ),
    Task(
        name="troubleshoot-flux",
        description="Find out why a Kustomization, a release or a pod does not become ready",
        when="Use when Flux reports a failure, a change does not arrive, or a workload does not start",
        hint="what does not become ready",
        role="troubleshooter",
    ),
    Task(
        name="review-config",
        description="Review a change before it is merged",
        when="Use when somebody asks for a review of manifests, charts, workflows or a pull request",
        hint="a branch; this branch by default",
        role="reviewer",
    ),
    Task(
        name="generate-docs",
        description="Write or renew documentation from what the repository says",
        when="Use when a README, a runbook or a document about the architecture is to be written or is out of date",
        hint="which document, or of which application",
    ),
)

RULES = (
    Rule(
        name="kubernetes",
        description="How manifests are written here",
        patterns=("apps/**/*.yaml", "infrastructure/**/*.yaml", "monitoring/**/*.yaml"),
    ),
    Rule(
        name="flux",
        description="How Flux is used here",
        patterns=("clusters/**/*.yaml", "**/release.yaml", "**/kustomization.yaml"),
    ),
    Rule(
        name="secrets",
        description="How secrets are kept here",
        patterns=("**/*sealed-secret*.yaml",),
    ),
    Rule(
        name="charts",
        description="How charts are written here",
        patterns=("charts/**", "**/Chart.yaml"),
    ),
    Rule(
        name="plans",
        description="How plans are written here",
        patterns=("plans/**/*.md", "docs/plans/**/*.md"),
    ),
    Rule(
        name="workflows",
        description="How workflows are written here",
        patterns=(".github/workflows/*.yml", ".github/workflows/*.yaml"),
    ),
)
"""Patterns that match no file of a repository are left out there, and a rule without patterns is not written."""

ALWAYS = ("agents-md", "copilot", "readme", "claude-md")
"""Files that are there once, by the name of their format."""


def known_names() -> tuple[str, ...]:
    """Everything that a repository may say more about in its own source."""
    found = (*(item.name for item in ROLES), *(item.name for item in TASKS), *(item.name for item in RULES))
    return (*found, *ALWAYS)
