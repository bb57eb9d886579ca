"""Files of an application that are copied into the root directory of an image.

Without WORKDIR a relative destination counts from `/`, where the files mix with those of the system and cannot belong
to the user who runs the process.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-workdir",
    severity=Severity.INFO,
    summary="files of an application that are copied into the root directory of an image",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_ROOT_BY_DEFAULT = ("alpine", "debian", "ubuntu", "python", "node", "golang", "busybox", "openjdk", "eclipse-temurin")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile: its first such copy."""
    for path, file in dockerfiles(context).items():
        if not file.stages or for_development(path) or not _begins_in_root(file):
            continue
        for item in file.final:
            if item.keyword == "WORKDIR":
                break
            if item.keyword == "COPY" and item.words and item.words[-1] in (".", "./"):
                message = "without WORKDIR, the files are copied into /"
                yield about(RULE, path, item.line, message, hint="write `WORKDIR /app` before it")
                break


def _begins_in_root(file: Dockerfile) -> bool:
    name = file.image_of(file.stages[-1]).removeprefix("docker.io/").removeprefix("library/")
    return name.partition("@")[0].partition(":")[0] in _ROOT_BY_DEFAULT
