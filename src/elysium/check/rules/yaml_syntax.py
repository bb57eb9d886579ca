"""A YAML file that cannot be read.

Flux stops at the first such file: the whole Kustomization that includes it is not applied until it is mended.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="yaml-syntax",
    severity=Severity.ERROR,
    summary="a YAML file that cannot be read",
    topic=Topic.SYNTAX,
    profiles=("default", "pre-commit", "gitops"),
)

_HINTS = {
    "encoding": "save the file as UTF-8",
    "too-large": "no manifest is that large: move the data out of the repository",
    "alias-bomb": "its anchors expand to more than a million nodes: write the values out",
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each problem of a file, except double keys."""
    for file in context.documents.files:
        for problem in file.problems:
            if problem.code != "duplicate-key":
                yield Finding(
                    rule=RULE.id,
                    severity=RULE.severity,
                    message=problem.message,
                    hint=_HINTS.get(problem.code, ""),
                    file=file.path,
                    line=problem.line,
                )
