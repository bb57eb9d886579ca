"""The Dockerfiles of a repository, each read once."""

from __future__ import annotations

import posixpath
import re

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile, parse
from elysium.check.rule import Rule
from elysium.model import Finding, Severity

__all__ = ["about", "dockerfiles", "for_development"]

_LARGEST = 500_000
_NAME = re.compile(r"(?i)(?:Dockerfile|Containerfile)(?:\.[\w-]+)*|[\w.-]+\.(?:Dockerfile|Containerfile)")
_NO_DOCKERFILE = (
    ".dockerignore",
    ".md",
    ".txt",
    ".vim",
    ".j2",
    ".tmpl",
    ".tpl",
    ".template",
    ".yaml",
    ".yml",
    ".json",
    ".py",
    ".sh",
)


def dockerfiles(context: Context) -> dict[str, Dockerfile]:
    """Every Dockerfile by path; computed once."""
    found: dict[str, Dockerfile] | None = context.__dict__.get("dockerfiles")
    if found is None:
        texts = {path: context.text(path) for path in context.paths if _is_one(path)}
        found = {path: parse(text) for path, text in texts.items() if 0 < len(text) <= _LARGEST}
        context.__dict__["dockerfiles"] = found
    return found


def for_development(path: str) -> bool:
    """Whether the image is a place to work in and never deployed."""
    return ".devcontainer" in path.split("/") or posixpath.basename(path).lower().endswith((".dev", "dev.dockerfile"))


def about(rule: Rule, path: str, line: int, message: str, *, hint: str, severity: Severity | None = None) -> Finding:
    """A finding about a line of a file."""
    severe = severity or rule.severity
    return Finding(rule=rule.id, severity=severe, message=message, hint=hint, file=path, line=line)


def _is_one(path: str) -> bool:
    name = posixpath.basename(path)
    return bool(_NAME.fullmatch(name)) and not name.lower().endswith(_NO_DOCKERFILE)
