"""A value of one cluster in what all clusters share.

`apps/base` is for every cluster; what differs stands in the overlay `apps/<cluster>` or in variables. A domain that is
written out in the base is right for one cluster only, and a second cluster answers for the names of the first.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.layout import layout_of
from elysium.check.flux.comments import without_comments
from elysium.check.rule import Rule, Topic
from elysium.evaluate.workloads import mapping
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="environment-in-base",
    severity=Severity.WARNING,
    summary="a value of one cluster in what all clusters share",
    topic=Topic.GITOPS,
    profiles=("gitops",),
)

_SHARED = ("apps/base/", "infrastructure/base/", "monitoring/base/")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+\Z")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each file, at the first such line."""
    layout = layout_of(context)
    if layout is None:
        return
    variables = _variables(context)
    for file in context.documents.files:
        if file.path.startswith(_SHARED):
            yield from _file(context, file.path, variables, tuple(layout.clusters))


def _variables(context: Context) -> dict[str, str]:
    """Names of variables by value, where the value is a domain: too particular to stand there by chance."""
    found: dict[str, str] = {}
    for file in context.documents.files:
        for document in file.documents:
            if document.kind == "ConfigMap" and posixpath.dirname(file.path).startswith("clusters/"):
                data = mapping(mapping(context.bodies(file.path).get(document.index)).get("data"))
                for name, value in data.items():
                    if isinstance(value, str) and _DOMAIN.match(value) and not re.match(r"[\d.]+\Z", value):
                        found.setdefault(value, str(name))
    return found


def _file(context: Context, path: str, variables: dict[str, str], clusters: tuple[str, ...]) -> Iterator[Finding]:
    text = context.text(path)
    domains = [value for value in variables if value in text]
    names = [name for name in clusters if len(clusters) > 1 and f"{name}." in text]
    if not domains and not names:
        return
    for number, line in enumerate(without_comments(text), 1):
        for value in domains:
            if re.search(rf"(?:(?<=://)|(?<=[@.])|(?<![\w-])(?!\S+?/)){re.escape(value)}(?![\w-])", line):
                message = f"the base holds {value}, which is the variable {variables[value]} of a cluster"
                yield _finding(path, number, message, f"write ${{{variables[value]}}} instead")
                return
        for name in names:
            if re.search(rf"(?<![\w-]){re.escape(name)}\.[a-z0-9-]+\.", line):
                message = f"the base holds a name of the cluster {name}"
                yield _finding(path, number, message, f"move it to apps/{name}, or use a variable")
                return


def _finding(path: str, line: int, message: str, hint: str) -> Finding:
    return Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=path, line=line)
