"""An image reference that no container runtime can read.

Names are lower case, a tag has at most 128 characters, there is one tag and one digest at most. kubelet reports
`InvalidImageName`, and the pod never starts.
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
    id="image-invalid",
    severity=Severity.ERROR,
    summary="an image reference that cannot be read",
    topic=Topic.IMAGES,
    profiles=("default", "pre-commit", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each container with such an image."""
    for index in context.objects.values():
        for used in used_images(index):
            if used.reference is None:
                item = used.workload.item
                why = _reason(used.text)
                message = f"{item}: container {used.container.name} has the image {used.text!r}, {why}"
                hint = "write it as [registry/]name[:tag][@sha256:digest], in lower case"
                yield about_object(RULE, item, in_object(context, item, used.path), message, hint=hint)


def _reason(text: str) -> str:
    name, _, digest = text.partition("@")
    last = name.rpartition("/")[2]
    if text != text.strip() or " " in text:
        return "with a space in it"
    if "://" in text:
        return "which is a URL"
    if last.count(":") > 1:
        return "with two tags"
    if last.endswith(":"):
        return "with an empty tag"
    if name.partition(":")[0] != name.partition(":")[0].lower():
        return "with a capital letter in its name"
    return "whose digest is none" if digest or text.endswith("@") else "which is no reference"
