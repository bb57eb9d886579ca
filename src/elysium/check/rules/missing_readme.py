"""An application without a README where the others have one.

The README of an application tells what it is for, where its data is and what to do when it is broken. Where most
applications have one, the others are the ones that nobody can look up.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.layout import applications, layout_of
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-readme",
    severity=Severity.INFO,
    summary="an application without a README where the others have one",
    topic=Topic.DOCUMENTATION,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each application, if at least half of them have a README."""
    layout = layout_of(context)
    if layout is None:
        return
    documented = {posixpath.dirname(path) for path in layout.files if posixpath.basename(path).lower() == "readme.md"}
    folders = applications(layout)
    missing = [folder for folder in folders if folder not in documented]
    if missing and len(missing) * 2 <= len(folders):
        for folder in missing:
            message = (
                f"{folder} has no README, and {len(folders) - len(missing)} of {len(folders)} applications have one"
            )
            hint = "write what it is for, where its data is, and what to do when it is broken"
            yield Finding(rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=folder)
