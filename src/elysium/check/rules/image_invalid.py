"""An image reference that no container runtime can read.

Names are lower case, a tag has at most 128 characters, there is one tag and one digest at most. kubelet reports
`InvalidImageName`, and the pod never starts.
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
    id="image-invalid",
    severity=Severity.ERROR,
    summary="an image reference that cannot be read",
    topic=Topic.IMAGES,
    profiles=("default", "pre-commit", "security"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such image."""
    hint = "write it as [registry/]name[:tag][@sha256:digest], in lower case"
    return image_findings(RULE, context, _fault, hint=hint)


def _fault(used: UsedImage) -> str:
    return "" if used.reference else f"has the image {used.text!r}, {_reason(used.text)}"


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
