"""An image whose tag means the newest one, and that is only pulled where it is missing.

Without a policy `latest` is pulled every time. With `IfNotPresent` each node keeps what it pulled first, so replicas
differ and nothing is ever updated; with `Never` it has to be there by other means.
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
    id="image-pull-policy",
    severity=Severity.WARNING,
    summary="an image with the tag latest that is only pulled where it is missing",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such image."""
    hint = "name a version; or leave imagePullPolicy out, which means Always here"
    return image_findings(RULE, context, _fault, hint=hint, field="imagePullPolicy")


def _fault(used: UsedImage) -> str:
    kept = used.container.body.get("imagePullPolicy") == "IfNotPresent"
    if not kept or used.reference is None or not used.reference.is_latest:
        return ""
    return f"runs {used.text} as it was when the node first pulled it"
