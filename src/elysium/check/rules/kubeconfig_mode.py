"""A kubeconfig that everybody on its machine can read.

A kubeconfig is a password: that of k3s is the administrator's of the whole cluster, and `--write-kubeconfig-mode 644`
is a widespread way to make it readable to every process of the node, such as a job of a runner. Looked at are scripts,
workflows, configuration files and the commands of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from elysium.check.context import Context
from elysium.check.files.markdown import fences
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="kubeconfig-mode",
    severity=Severity.WARNING,
    summary="a kubeconfig that everybody on its machine can read",
    topic=Topic.ACCESS,
    profiles=("default", "security"),
)

_ENDINGS = (".sh", ".bash", ".yaml", ".yml", ".service", ".env", ".conf", ".md")
_FILE = re.compile(r"k3s\.yaml|rke2\.yaml|\.kube/config|kubeconfig")
_SETTING = re.compile(
    r"(?:write-kubeconfig-mode|K3S_KUBECONFIG_MODE|RKE2_KUBECONFIG_MODE)[\"']?\s{0,3}[=:\s]\s{0,3}[\"']?"
)
_COMMAND = re.compile(r"\b(?:chmod|install)\s")
_END = re.compile(r"[;|&]")
_NUMBER = re.compile(r"(?:0o?)?([0-7]{3,4})(?!\w)")
_LETTERS = re.compile(r"([augo]*)[+=]\w*r\w*$")
_LONGEST = 1000
_HINT = "mode 0600, and for a program that needs the cluster an account and a kubeconfig of its own"


def check(context: Context) -> Iterator[Finding]:
    """One finding for each command or setting."""
    for path in context.paths:
        if not path.endswith(_ENDINGS):
            continue
        text = context.text(path)
        if "kube" not in text.lower() and "k3s" not in text.lower():
            continue
        for line, what in _open(path, text):
            message = f"`{what}` lets everybody on the machine read the kubeconfig"
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=_HINT, file=path, line=line)


def _open(path: str, text: str) -> Iterator[tuple[int, str]]:
    for number, line in _lines(path, text):
        found = _setting(line) or next(filter(None, map(_command, _commands(line))), "")
        if found:
            yield number, found


def _setting(line: str) -> str:
    start = _SETTING.search(line)
    mode = _NUMBER.match(line, start.end()) if start else None
    return " ".join(line[start.start() : mode.end()].split()) if start and mode and _is_open(mode[0]) else ""


def _commands(line: str) -> Iterator[list[str]]:
    """The words of each `chmod` and `install`."""
    for part in _END.split(line):
        start = _COMMAND.search(part)
        if start:
            yield part[start.start() :].split()


def _command(words: list[str]) -> str:
    """What of `chmod MODE FILE` or `install -m MODE FROM TO` opens a kubeconfig."""
    if not any(_FILE.search(word) for word in words):
        return ""
    after = [word for flag, word in pairwise(words) if flag in ("chmod", "-m", "--mode")]
    after += [word.removeprefix("--mode=") for word in words if word.startswith("--mode=")]
    return f"{words[0]} {after[0]}" if after and _is_open(after[0]) else ""


def _lines(path: str, text: str) -> Iterator[tuple[int, str]]:
    """What is run or read by a machine: of a document only its blocks of code, and no comments."""
    if path.endswith(".md"):
        numbered = ((fence.line + offset, line) for fence in fences(text) for offset, line in enumerate(fence.lines))
    else:
        numbered = ((number, line) for number, line in enumerate(text.splitlines(), 1))
    for number, line in numbered:
        if not line.lstrip().startswith("#") and len(line) < _LONGEST:
            yield number, line


def _is_open(mode: str) -> bool:
    """Whether others may read: by the last digit, or by `r` for them or for all."""
    number = _NUMBER.fullmatch(mode)
    if number:
        return bool(int(number[1][-1]) & 4)
    letters = _LETTERS.fullmatch(mode)
    return letters is not None and (not letters[1] or not {"a", "o"}.isdisjoint(letters[1]))
