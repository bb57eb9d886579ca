"""An image with the tag `latest`, or with none (which means the same).

What runs then depends on the moment at which a node pulled it: two replicas may differ, a restart may bring another
version, and going back in Git goes back to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.check.workloads.images import image_findings
from elysium.evaluate.images import UsedImage
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-latest",
    severity=Severity.WARNING,
    summary="an image with the tag latest, or with none",
    topic=Topic.IMAGES,
    profiles=("review", "security", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such image."""
    return image_findings(RULE, context, _fault, hint="name a version, or a digest beside the tag")


def _fault(used: UsedImage) -> str:
    if used.reference is None or not used.reference.is_latest:
        return ""
    which = "the tag latest" if used.reference.tag else "no tag, which means latest"
    return f"runs {used.reference.name} with {which}"
