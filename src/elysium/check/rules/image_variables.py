"""An entrypoint, its page and its chart that do not agree about environment variables.

A variable has one name in four places: the script that starts the process, the page that tells what to set, the values
of the chart that set it, and the source code. A name that differs in one of them is a process that does not start, or a
setting without effect.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, dockerfiles, for_development
from elysium.check.files.image_charts import ChartVariables, charts_of
from elysium.check.files.image_variables import ImageVariables, variables_of
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="image-variables",
    severity=Severity.WARNING,
    summary="an entrypoint, its page and its chart that do not agree about environment variables",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each variable that some place lacks or alone has."""
    for path, file in sorted(dockerfiles(context).items()):
        image = variables_of(context, path, file) if file.stages and not for_development(path) else None
        if image is None:
            continue
        yield from _pages(image)
        for chart in charts_of(context, image.image):
            yield from _chart(image, chart)


def _pages(image: ImageVariables) -> Iterator[Finding]:
    """What the entrypoint reads and no page names; what a table documents and nothing reads."""
    together = "\n".join(image.pages.values())
    pages = " and ".join(sorted(posixpath.basename(page) for page in image.pages))
    for item in image.read:
        if together and not re.search(rf"\b{item.name}\b", together):
            near = nearest(item.name, {known.name for known in image.documented})
            hint = f"did {pages} mean it by {near}?" if near else "say in its table what it is for, and its default"
            yield about(RULE, image.script, item.line, f"{pages} does not name {item.name}", hint=hint)
    names = {item.name for item in image.read} | image.defaults
    for row in image.documented:
        if row.name not in names and not image.coded(row.name):
            near = nearest(row.name, names)
            hint = f"did you mean {near}?" if near else "leave it out, or read it"
            message = f"nothing reads {row.name}: neither {posixpath.basename(image.script)} nor the source code"
            yield about(RULE, row.file, row.line, message, hint=hint)


def _chart(image: ImageVariables, chart: ChartVariables) -> Iterator[Finding]:
    """What the entrypoint requires and the chart never names; what the chart sets and the image does not know."""
    if not chart.own_command:
        for item in image.read:
            if item.required and item.name not in image.defaults and not re.search(rf"\b{item.name}\b", chart.text):
                message = f"without {item.name} this stops, and the chart {chart.folder} does not name it"
                near = nearest(item.name, chart.settings)
                hint = f"did its values mean it by {near}?" if near else "set it in its values, or name the Secret"
                yield about(RULE, image.script, item.line, message, hint=hint)
    for name, line in chart.settings.items():
        if not image.knows(name):
            near = nearest(name, image.named)
            hint = f"did you mean {near}?" if near else "leave it out, or read it there"
            message = f"{name} is set for the image {image.image}, and nothing in it reads it"
            yield about(RULE, chart.values, line, message, hint=hint)
