"""Secrets that people or scripts of the repository put into a cluster before Flux runs."""

from __future__ import annotations

import posixpath
import re

from elysium.check.context import Context

__all__ = ["made_by_hand"]

_SCRIPTS = (".sh", ".bash", ".fish", ".ps1", ".py", ".tf", ".j2", ".jinja2", ".tmpl", ".just", ".mk")
_TASKS = ("makefile", "justfile", ".justfile", "mod.just", "taskfile.yaml", "taskfile.yml")
_CREATES = re.compile(r"create\s+secret|kubectl\s+(apply|create)|op\s+inject", re.IGNORECASE)
_SEALED = ("kubeseal", "dry-run", "sops --encrypt", "sops -e")
"""What ends in a file of the repository is not put into the cluster by hand."""

_MOST = 500


def made_by_hand(context: Context, name: str) -> bool:
    """Whether a script, a file for the first installation, or a command in a document speaks of the name."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return any(word.search(text) for text in _instructions(context))


def _instructions(context: Context) -> list[str]:
    """The texts that tell somebody to make something. Read once, when the first object is missing."""
    found: list[str] | None = context.__dict__.get("instructions")
    if found is None:
        paths = [path for path in context.paths if _instructs(path)][:_MOST]
        found = [
            _commands(context.text(path)) if path.lower().endswith(".md") else context.text(path) for path in paths
        ]
        found = [text for text in found if text and not any(mark in text for mark in _SEALED)]
        context.__dict__["instructions"] = found
    return found


def _commands(document: str) -> str:
    """The lines of a document that make something in a cluster."""
    return "\n".join(line for line in document.splitlines() if _CREATES.search(line))


def _instructs(path: str) -> bool:
    lowered = path.lower()
    name = posixpath.basename(lowered)
    return lowered.endswith((*_SCRIPTS, ".md")) or name in _TASKS or "bootstrap" in lowered or ".taskfiles/" in lowered
