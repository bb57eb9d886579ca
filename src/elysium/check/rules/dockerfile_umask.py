"""An image that does not say which rights new files have.

Files that the process writes to a volume get the rights that its umask leaves: with the usual 022 everybody can read
them. A team that decided on a umask sets it in the image, so that every deployment has the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-umask",
    severity=Severity.INFO,
    summary="an image that does not say which rights new files have",
    topic=Topic.IMAGES,
    profiles=(),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile that starts a program and never names a umask."""
    for path, file in dockerfiles(context).items():
        if not file.stages or for_development(path) or "umask" in context.text(path).lower():
            continue
        if any(item.keyword in ("CMD", "ENTRYPOINT") for item in file.final):
            message = "nothing sets the umask of the process"
            yield about(
                RULE, path, file.stages[-1].line, message, hint="write `ENV UMASK=0027` and apply it in the entrypoint"
            )
