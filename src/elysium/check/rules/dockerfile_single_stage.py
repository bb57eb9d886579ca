"""An image that is built in one stage, with the tools of the build in it.

What installs and compiles is not needed any more when the image runs: it makes the image larger, and serves whoever
breaks in. A first stage builds, the last one copies the result. Where the base itself is a tool chain, or compilers are
installed, `dockerfile-multi-stage` says so.
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
    id="dockerfile-single-stage",
    severity=Severity.INFO,
    summary="an image that is built in one stage",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_BUILDS = re.compile(
    r"\b(?:(?:npm|pnpm|yarn)\s+(?:run\s+)?build\b|poetry\s+install\b|uv\s+sync\b|pipenv\s+(?:install|sync)\b"
    r"|flutter\s+build\b|(?:\./)?mvnw?\s[^\n;&|]{0,300}\bpackage\b|(?:\./)?gradlew?\s[^\n;&|]{0,300}\b(?:build|assemble|bootJar)\b)"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile with a single stage: the first RUN that builds."""
    for path, file in dockerfiles(context).items():
        if len(file.stages) != 1 or for_development(path):
            continue
        for item in file.final:
            match = _BUILDS.search(item.script) if item.keyword == "RUN" else None
            if match:
                command = " ".join(match[0].split())
                message = f"`{command}` runs in the only stage: the image keeps what it needs"
                hint = "build in a first stage, and copy the result into the last one with `COPY --from`"
                yield about(RULE, path, item.line, message, hint=hint)
                break
