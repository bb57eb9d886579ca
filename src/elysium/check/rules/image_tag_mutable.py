"""An image with a tag that is made to move: a branch, a channel, or a major version alone.

What runs changes without a change in Git, and with `imagePullPolicy: IfNotPresent` it depends on the node. A digest
beside the tag keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.images import used_images
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-tag-mutable",
    severity=Severity.INFO,
    summary="an image with a tag that is made to move",
    topic=Topic.IMAGES,
    profiles=("security",),
)

_MOVING = re.compile(
    r"(main|master|edge|nightly|dev|develop|development|stable|rolling|beta|alpha|canary|testing|unstable|lts|current"
    r"|mainline|snapshot|v?\d+)"
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container with such an image."""
    for index in context.objects.values():
        for used in used_images(index):
            if used.reference and not used.reference.digest and _MOVING.fullmatch(used.reference.tag):
                item = used.workload.item
                message = f"{item}: container {used.container.name} runs {used.text}, and that tag moves"
                at = in_object(context, item, used.path)
                yield about_object(RULE, item, at, message, hint="name a full version, or a digest beside the tag")
