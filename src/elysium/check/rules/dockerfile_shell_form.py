"""A command that a shell starts, so that it never hears when the pod is to stop.

`ENTRYPOINT program` runs as `/bin/sh -c "program"`. SIGTERM goes to the shell, which does not pass it on; after
`terminationGracePeriodSeconds` the kubelet kills everything, without a chance to finish requests or to write files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-shell-form",
    severity=Severity.WARNING,
    summary="a command that a shell starts, so that it never hears when the pod is to stop",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile: about ENTRYPOINT, or about CMD where there is none."""
    for path, file in dockerfiles(context).items():
        commands = {item.keyword: item for item in file.final if item.keyword in ("CMD", "ENTRYPOINT")}
        item = commands.get("ENTRYPOINT") or commands.get("CMD")
        if item is None or for_development(path) or item.value.lstrip().startswith("[") or not item.value.strip():
            continue
        if not re.match(r"exec\s|tini\b|dumb-init\b", item.value.strip()):
            message = f"{item.keyword} is started by a shell, which passes no SIGTERM on"
            hint = f'write {item.keyword} ["program", "argument"], or begin with `exec`'
            yield about(RULE, path, item.line, message, hint=hint)
