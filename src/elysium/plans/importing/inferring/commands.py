"""Commands in code: what only looks → `run`, which never starts without consent; what changes something → attested."""

from __future__ import annotations

import re

from elysium.plans import words
from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["asks_a_person", "is_command", "recognise"]

_PROGRAMS = frozenset(
    """kubectl helm flux kustomize docker curl psql pgbench sudo k3s kind make haproxy git gh npm dnf apt systemctl
    kubeseal k9s dig nslookup openssl ssh cosign trivy""".split()  # noqa: SIM905 - a sentence of words is easier to read
)
_LOOKING = re.compile(
    r"kubectl (?:-n [\w-]+ )?(?:get|describe|top|version|auth can-i|cluster-info)\b"
    r"|helm (?:template|lint|list|status|version)\b|flux (?:get|check|build|diff|tree)\b|kustomize build\b|make -n\b"
    r"|docker (?:pull|version|images)\b|git (?:status|log|diff)\b|pg_isready\b|kubeconform\b|yamllint\b"
)
_NEEDS_MORE = re.compile(r"helm (?:template|lint|status)|kustomize build|docker pull|flux (?:build|diff) \S+")
"""What says nothing without a further word."""
_OVER_TIME = re.compile(r"^(?:monitor|watch|observe|review)\b", re.IGNORECASE)
_SHELL = re.compile(r"[|&;<>$`*]|\.\.\.|…|^sudo\b")


def is_command(text: str) -> bool:
    """Whether a piece of code is a command with arguments."""
    first, _, rest = text.strip().partition(" ")
    return first in _PROGRAMS and bool(rest.strip())


def recognise(entry: Entry) -> Inferred | None:
    """The commands between backticks, where all of them only look and need no shell."""
    runs = [_run(span) for span, _ in entry.spans if is_command(span)]
    if not runs or not all(runs) or entry.section == "rollback":
        return None
    return Inferred(checks=tuple(runs), manual=bool(_OVER_TIME.match(entry.title)))


def asks_a_person(entry: Entry) -> bool:
    """Whether the item holds commands that a person runs: in its text, or in a block below it."""
    return _in_blocks(entry) or any(is_command(span) for span, _ in entry.spans)


def _run(text: str) -> tuple[str, ...]:
    more = _NEEDS_MORE.match(text)
    if not _LOOKING.match(text) or _SHELL.search(text) or (more and not re.search(r" [^ -]", text[more.end() :])):
        return ()
    try:
        return ("run", *words.split(text))
    except ValueError:
        return ()


def _in_blocks(entry: Entry) -> bool:
    """Whether a fenced block of the item holds commands: a person runs those."""
    return any(code.info.partition(" ")[0] in ("bash", "sh", "shell", "console") for code in entry.item.code)
