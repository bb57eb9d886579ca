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
    "dockerfile-syntax",
    "dockerfile-secret",
    "dockerfile-root",
    "dockerfile-latest",
    "dockerfile-multi-stage",
    "dockerfile-shell-form",
    "dockerfile-remote-add",
    "dockerfile-lock-files",
    "dockerfile-cache",
    "dockerfile-workdir",
    "dockerfile-healthcheck",
    "dockerfile-umask",
    "dockerignore",
    "coder-template",
    "coder-persistence",
    "coder-image",
    "fission-spec",
    "kind-config",
    "kustomize-deprecated",
    "yaml-style",
    "documentation-reference",
    "imperative-command",
)
