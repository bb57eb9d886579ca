"""A Pod Security label that means nothing.

The API server refuses to create a namespace with an unknown level or version, and on a namespace that is already there
counts an invalid `enforce` as `restricted` and ignores the others. A label with a name of its own
(`pod-security.kubernetes.io/deny`) is accepted and does nothing, which looks like protection and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.pod_security import Level, label_problems
from elysium.evaluate.workloads import mapping
from elysium.model import Edit, Finding, Position, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="invalid-pod-security-label",
    severity=Severity.ERROR,
    summary="a Pod Security label has a value or name that means nothing",
    topic=Topic.POD_SECURITY,
    profiles=("default", "pre-commit", "security"),
)

_HINTS = {
    Severity.ERROR: "mend it: the API server refuses to make such a namespace, and for one that is there it counts as "
    "restricted",
    Severity.WARNING: "use enforce, warn or audit, each with a level, or leave the label out",
}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such label of a namespace; a name without meaning is a warning."""
    for index in context.objects.values():
        for item in index.of_kind("", "Namespace"):
            labels = mapping(mapping(index.body(item).get("metadata")).get("labels"))
            for key, problem in label_problems(labels):
                at = in_object(context, item, ("metadata", "labels", key))
                severity = Severity.ERROR if problem.startswith("the value") else Severity.WARNING
                message = f"{item}: label {key}: {labels[key]} means nothing: {problem}"
                finding = about_object(RULE, item, at, message, hint=_HINTS[severity], severity=severity)
                yield msgspec.structs.replace(finding, edits=_edits(context, at, labels[key]))


def _edits(context: Context, at: Position, value: object) -> tuple[Edit, ...]:
    """What is only spelled otherwise: a level in other letters, a version without its `v`."""
    lines = context.text(at.file).splitlines()
    line = lines[at.line - 1] if 0 < at.line <= len(lines) else ""
    meant = _meant(str(value))
    if not meant or line.count(str(value)) != 1:
        return ()
    return (Edit(file=at.file, line=at.line, old=f"{line}\n", new=line.replace(str(value), meant) + "\n"),)


def _meant(value: str) -> str:
    spelled = value.strip().lower()
    if re.fullmatch(r"1\.\d+", spelled):
        return f"v{spelled}"
    known = spelled in set(Level) or spelled == "latest" or re.fullmatch(r"v1\.\d+", spelled)
    return spelled if known and spelled != value else ""
