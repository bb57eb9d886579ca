"""An image whose tag means the newest one, and that is only pulled where it is missing.

Without a policy `latest` is pulled every time. With `IfNotPresent` each node keeps what it pulled first, so replicas
differ and nothing is ever updated; with `Never` it has to be there by other means.
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
    id="image-pull-policy",
    severity=Severity.WARNING,
    summary="an image with the tag latest that is only pulled where it is missing",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such container."""
    for index in context.objects.values():
        for used in used_images(index):
            if (
                used.reference
                and used.reference.is_latest
                and used.container.body.get("imagePullPolicy") == "IfNotPresent"
            ):
                item = used.workload.item
                at = in_object(context, item, (*used.container.path, "imagePullPolicy"))
                message = (
                    f"{item}: container {used.container.name} runs {used.text} as it was when the node first pulled it"
                )
                hint = "name a version; or leave imagePullPolicy out, which means Always here"
                yield about_object(RULE, item, at, message, hint=hint)
