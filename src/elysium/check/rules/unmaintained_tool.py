"""A tool that nobody maintains any more, named by a workflow, a script, a Makefile or a document.

Such a tool knows nothing of what came later: kubeval, for one, has no schemas of newer Kubernetes versions, so it
refuses what is right or skips it. A line that tells of the change to another tool is left alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="unmaintained-tool",
    severity=Severity.INFO,
    summary="a tool that nobody maintains any more",
    topic=Topic.DOCUMENTATION,
    profiles=("review",),
)

_TOOLS = {
    "kubeval": "kubeconform, or `elysium check`, which validates against the same schemas",
    "fluxctl": "flux: the first Flux ended in 2022",
    "ksonnet": "kustomize or Helm: it ended in 2019",
    "tiller": "Helm 3 or later, which needs nothing in the cluster",
}
_NAME = re.compile(rf"(?<![\w/.-])({'|'.join(_TOOLS)})(?![\w-])", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?i)replac|instead|no longer|migrat|deprecat|unmaintained|not maintained|archived|remov|kubeconform"
)
_FILES = ("Makefile", "makefile", "justfile", "Justfile", ".gitlab-ci.yml")
_FOREIGN = {"vendor", "node_modules", "testdata", "CHANGELOG.md"}
_LONGEST = 1000


def check(context: Context) -> Iterator[Finding]:
    """One finding for each file and tool, at the first line that names it."""
    for path in context.paths:
        if not _is_read(path):
            continue
        seen: set[str] = set()
        for number, line in enumerate(context.text(path).splitlines(), 1):
            for name in () if len(line) > _LONGEST or _CHANGED.search(line) else _NAME.findall(line):
                tool = name.lower()
                if tool not in seen:
                    seen.add(tool)
                    message = f"{tool} is not maintained any more"
                    hint = f"use {_TOOLS[tool]}"
                    yield Finding(
                        rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=path, line=number
                    )


def _is_read(path: str) -> bool:
    """Documents, and what a pipeline or a person runs."""
    parts = path.split("/")
    if not _FOREIGN.isdisjoint(parts):
        return False
    workflow = path.startswith((".github/workflows/", ".forgejo/workflows/", ".gitea/workflows/"))
    return workflow or path.endswith((".md", ".sh", ".bash", ".mk")) or posixpath.basename(path) in _FILES
