"""Instructions that change the cluster past Git.

What Git says is what Flux makes of the cluster: a change by hand is undone at the next reconciliation, or it stays and
nobody knows why the cluster is as it is. Commands that only read, that print a manifest, or that install Flux itself
are fine.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.markdown import fences
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="imperative-command",
    severity=Severity.INFO,
    summary="instructions that change the cluster past Git",
    topic=Topic.GITOPS,
    profiles=("gitops",),
)

_COMMAND = re.compile(
    r"(?:^|[\s;&|(`])(kubectl\s+(?:-{1,2}[\w-]+(?:[= ](?!-|apply|edit|delete|scale|set|patch|replace)\S+)?\s+)*"
    r"(?:apply|edit|scale|replace|patch|set\s+(?:image|env|resources)|delete\s+(?!pods?\b|po\b|jobs?\b|pod/|job/)\S+)"
    r"|helm\s+(?:install|upgrade|uninstall|rollback)|flux\s+delete\s+\w+)\b(?P<rest>[^\n;]*)"
)
_HARMLESS = re.compile(r"--dry-run|--export\b|-o\s*yaml\b|--help\b|requestedAt")
_EXEMPT = re.compile(
    r"(?i)bootstrap|install|set-?up|init|migrat|restor|recover|disaster|emergenc|break.?glass|uninstall|tear.?down|destroy|reset"
    r"|test|e2e|kind|local|debug|troubleshoot|secret|clean|preview"
)
_FOREIGN = {"charts", "hack", "vendor", "node_modules", "tests", "testdata"}
"""Folders for other repositories' users, and for whoever knows what they do."""
_SHELLS = ("", "bash", "sh", "shell", "console", "zsh", "shell-session")
_HINT = "change the file in Git and let Flux apply it; `flux reconcile` makes it at once"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each document or script, at its first such command."""
    for path in context.paths:
        if _EXEMPT.search(posixpath.basename(path)) or _FOREIGN & set(path.split("/")[:-1]):
            continue
        found = list(_of_document(context, path)) if path.endswith(".md") else list(_of_script(context, path))
        if found:
            line, command = found[0]
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            message = f"`{command}`{more}: the cluster is changed past Git"
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=_HINT, file=path, line=line)


def _of_document(context: Context, path: str) -> Iterator[tuple[int, str]]:
    text = context.text(path)
    if "kubectl" not in text and "helm" not in text and "flux delete" not in text:
        return
    for fence in fences(text):
        if fence.language in _SHELLS and not any(_EXEMPT.search(heading) for heading in fence.headings):
            yield from _commands(fence.lines, fence.line)


def _of_script(context: Context, path: str) -> Iterator[tuple[int, str]]:
    if path.endswith((".sh", ".bash")) and not _EXEMPT.search(posixpath.dirname(path)):
        yield from _commands(tuple(context.text(path).splitlines()), 1)


def _commands(lines: tuple[str, ...], first: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines):
        bare = "" if line.lstrip().startswith("#") else line
        joined = bare + "".join(lines[number + 1 : number + 4]) if bare.rstrip().endswith("\\") else bare
        match = _COMMAND.search(bare)
        if match and not _HARMLESS.search(joined):
            yield first + number, " ".join(match[1].split())
