"""A base image by a tag that its owner can move.

A tag names another image as soon as somebody pushes one, also a tag with a whole version. A digest names exactly one:
the same commit builds on the same base, and a changed base is a change that can be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, base_images, dockerfiles, for_development
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-digest",
    severity=Severity.INFO,
    summary="a base image by a tag without a digest",
    topic=Topic.IMAGES,
    profiles=(),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each FROM and `COPY --from` with a tag that is a version."""
    for path, file in dockerfiles(context).items():
        if for_development(path):
            continue
        for line, image in base_images(file):
            tag = image.rpartition("/")[2].partition(":")[2]
            if "@" not in image and "$" not in image and tag not in ("", "latest"):
                hint = f"write {image}@sha256:…; Renovate and Dependabot keep both up to date"
                yield about(RULE, path, line, f"{image} can become another image", hint=hint)
