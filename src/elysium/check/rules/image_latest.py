"""An image with the tag `latest`, or with none (which means the same).

What runs then depends on the moment at which a node pulled it: two replicas may differ, a restart may bring another
version, and going back in Git goes back to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.images import used_images
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
    """One finding for each container with such an image."""
    for index in context.objects.values():
        for used in used_images(index):
            if used.reference and used.reference.is_latest:
                item = used.workload.item
                which = "the tag latest" if used.reference.tag else "no tag, which means latest"
                message = f"{item}: container {used.container.name} runs {used.reference.name} with {which}"
                hint = "name a version, or a digest beside the tag"
                yield about_object(RULE, item, in_object(context, item, used.path), message, hint=hint)
