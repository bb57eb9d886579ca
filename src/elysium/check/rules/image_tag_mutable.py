"""An image with a tag that is made to move: a branch, a channel, or a major version alone.

What runs changes without a change in Git, and with `imagePullPolicy: IfNotPresent` it depends on the node. A digest
beside the tag keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.images import image_findings
from elysium.evaluate.images import UsedImage
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
    r"|mainline|snapshot|v?\d{1,4})"  # six digits and more are a date or the number of a build
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such image."""
    return image_findings(RULE, context, _fault, hint="name a full version, or a digest beside the tag")


def _fault(used: UsedImage) -> str:
    reference = used.reference
    moves = reference is not None and not reference.digest and _MOVING.fullmatch(reference.tag)
    return f"runs {used.text}, and that tag moves" if moves else ""
