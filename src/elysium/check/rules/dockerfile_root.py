"""An image whose process runs as root.

Without USER the process has user 0 unless the base image says otherwise. What breaks out of it, or writes to a mounted
volume, does so as root; a namespace that enforces the `restricted` standard refuses the pod. With `runAsNonRoot`
the kubelet cannot verify a user given by name, only a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfile import Dockerfile
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-root",
    severity=Severity.WARNING,
    summary="an image whose process runs as root",
    topic=Topic.IMAGES,
    profiles=("review", "security"),
)

_OTHER_USER = re.compile(r"(?i)nonroot|unprivileged|rootless|bitnami|cgr\.dev|chainguard|codercom/|devcontainers/")
_DROPS = re.compile(r"\b(gosu|su-exec|setpriv|s6-setuidgid|chpst|runuser|setuidgid)\b|/init\b")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each Dockerfile, about its last stage."""
    for path, file in dockerfiles(context).items():
        if file.stages and not for_development(path) and _starts(file):
            yield from _user(path, file, context.text(path))


def _starts(file: Dockerfile) -> bool:
    """Whether the image is there to be run: from scratch without a command it only carries files."""
    if file.image_of(file.stages[-1]) != "scratch":
        return True
    return any(item.keyword in ("CMD", "ENTRYPOINT") for item in file.final)


def _user(path: str, file: Dockerfile, text: str) -> Iterator[Finding]:
    users = [item for item in file.final if item.keyword == "USER"]
    if not users:
        image = file.image_of(file.stages[-1])
        if not _OTHER_USER.search(image) and "$" not in image and not _DROPS.search(text):
            message = f"no USER: the process runs as root, unless {image} says otherwise"
            yield about(RULE, path, file.stages[-1].line, message, hint="end the last stage with `USER 10001`")
        return
    user = users[-1].value.split(":")[0].strip()
    if user in ("root", "0") and not _DROPS.search(text):
        message = f"USER {user}: the process runs as root"
        yield about(RULE, path, users[-1].line, message, hint="end the last stage with `USER 10001`")
    elif user and not user.isdigit() and "$" not in user and user not in ("root", "0"):
        message = f"USER {user} is a name: the kubelet cannot verify it where a pod says `runAsNonRoot`"
        hint = "write the number of the user, or `runAsUser` in the pod"
        yield about(RULE, path, users[-1].line, message, hint=hint, severity=Severity.INFO)
