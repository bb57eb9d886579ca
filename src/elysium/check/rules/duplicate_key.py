"""The same key twice in one mapping.

YAML forbids it. Some readers take the last value, some refuse the file; what reaches the cluster is rarely what was
meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Edit, FileProblem, Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-key",
    severity=Severity.ERROR,
    summary="the same key twice in one mapping",
    topic=Topic.SYNTAX,
    profiles=("default", "pre-commit", "gitops"),
)

_FIRST = re.compile(r"already set on line (\d+)$")
_SECRET = re.compile(r"^\s*kind:\s*[\"']?Secret\b|\bENC\[", re.MULTILINE)
_ENTRY = re.compile(r"^( *(?:- +)*)([^\s#&*|>{\[][^:#]*:\s+[^\s#&*|>{\[][^#]*?)\s*$")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each key that is there twice."""
    for file in context.documents.files:
        for problem in file.problems:
            if problem.code == "duplicate-key":
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=problem.message,
                    hint="keep one of them",
                    file=file.path,
                    line=problem.line,
                    edits=_edits(context.text(file.path), file.path, problem),
                )


def _edits(text: str, file: str, problem: FileProblem) -> tuple[Edit, ...]:
    """Remove the second of two lines that say the very same. Values of Secrets are copied nowhere, not even here."""
    first = _FIRST.search(problem.message)
    if first is None or _SECRET.search(text):
        return ()
    lines = text.replace("\r\n", "\n").split("\n")
    one, two = _entry(lines, int(first[1])), _entry(lines, problem.line)
    if one is None or one != two:
        return ()
    return (Edit(file=file, line=problem.line, old=lines[problem.line - 1] + "\n", new=""),)


def _entry(lines: list[str], number: int) -> tuple[int, str] | None:
    """Indentation and text of a key with a value that ends on its line; None for any other line."""
    if not 0 < number <= len(lines):
        return None
    match = _ENTRY.match(lines[number - 1])
    if match is None:
        return None
    indent = len(match[1])
    following = next((line for line in lines[number:] if line.strip()), "")
    deeper = len(following) - len(following.lstrip(" ")) > indent
    return None if deeper else (indent, match[2])
