"""A base image by `latest` or without a tag.

Which image that is depends on the day of the build: the same commit builds something else tomorrow, and a new major
version arrives without anybody's decision.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, base_images, dockerfiles
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-latest",
    severity=Severity.WARNING,
    summary="a base image by `latest` or without a tag",
    topic=Topic.IMAGES,
    profiles=("review", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each FROM and `COPY --from`."""
    for path, file in dockerfiles(context).items():
        for line, image in base_images(file):
            if _moves(image):
                message = f"{image} is whatever is newest on the day of the build"
                yield about(RULE, path, line, message, hint="name a version, or better a digest")


def _moves(image: str) -> bool:
    if not image or image == "scratch" or "@" in image or "$" in image:
        return False
    tag = image.rpartition("/")[2].partition(":")[2]
    return tag in ("", "latest")
