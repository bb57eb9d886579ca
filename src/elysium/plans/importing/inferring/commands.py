"""Commands in code: what only looks → `run`, which never starts without consent; what changes something → attested."""

from __future__ import annotations

import re

from elysium.plans import words
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["is_command", "recognise"]

_PROGRAMS = frozenset(
    """kubectl helm flux kustomize docker curl psql pgbench sudo k3s kind make haproxy git gh npm dnf apt systemctl
    kubeseal k9s dig nslookup openssl ssh cosign trivy""".split()  # noqa: SIM905 - a sentence of words is easier to read
)
_LOOKING = re.compile(
    r"kubectl (?:-n [\w-]+ )?(?:get|describe|top|version|auth can-i|cluster-info)\b|helm (?:template|lint|list|status|version)\b"
    r"|flux (?:get|check|build|diff|tree)\b|kustomize build\b|make -n\b|docker (?:pull|version|images)\b|git (?:status|log|diff)\b"
    r"|pg_isready\b|kubeconform\b|yamllint\b"
)
_SHELL = re.compile(r"[|&;<>$`*]|\.\.\.|…|^sudo\b")


def is_command(text: str) -> bool:
    """Whether a piece of code is a command with arguments."""
    first, _, rest = text.strip().partition(" ")
    return first in _PROGRAMS and bool(rest.strip())


def recognise(entry: Entry) -> Inferred | None:
    """The commands between backticks. A placeholder, a pipe or `sudo` makes one that a person runs."""
    found = [span for span, _ in entry.spans if is_command(span)]
    runs = [_run(text) for text in found]
    if found and all(runs) and entry.section != "rollback":
        return Inferred(checks=tuple(run for run in runs if run))
    return Inferred(manual=True) if found or _in_blocks(entry) else None


def _run(text: str) -> tuple[str, ...]:
    if not _LOOKING.match(text) or _SHELL.search(text):
        return ()
    try:
        return ("run", *words.split(text))
    except ValueError:
        return ()


def _in_blocks(entry: Entry) -> bool:
    """Whether a fenced block of the item holds commands: a person runs those."""
    return any(code.info.partition(" ")[0] in ("bash", "sh", "shell", "console") for code in entry.item.code)
