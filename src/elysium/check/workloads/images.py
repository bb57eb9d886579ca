"""Findings about the images of containers: one for an image and a place, however many containers share both.

Jobs of a remote base, or objects of one chart, all lead to the line that brings them in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule
from elysium.evaluate.images import UsedImage, used_images
from elysium.model import Finding

__all__ = ["image_findings"]


def image_findings(
    rule: Rule, context: Context, fault: Callable[[UsedImage], str], *, hint: str, field: str = "image"
) -> Iterator[Finding]:
    """A finding for each image that `fault` has something to say about."""
    found: dict[tuple[str, int, str], Finding] = {}
    for index in context.objects.values():
        for used in used_images(index):
            what = fault(used)
            if not what:
                continue
            item = used.workload.item
            at = in_object(context, item, (*used.container.path, field))
            key = (at.file or str(item), at.line, used.text)
            if key in found:
                found[key] = msgspec.structs.replace(found[key], folded=found[key].folded + 1)
            else:
                message = f"{item}: container {used.container.name} {what}"
                found[key] = about_object(rule, item, at, message, hint=hint)
    yield from found.values()
