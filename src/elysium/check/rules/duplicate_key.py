"""The same key twice in one mapping.

YAML forbids it. Some readers take the last value, some refuse the file; what reaches the cluster is rarely what was
meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="duplicate-key",
    severity=Severity.ERROR,
    summary="the same key twice in one mapping",
    topic=Topic.SYNTAX,
    profiles=("default", "pre-commit", "gitops"),
)


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
                )
