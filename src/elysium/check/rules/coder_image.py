"""A Coder workspace whose image is whatever is newest.

A workspace pulls its image when it starts. With `latest`, or without a tag, two workspaces of one template differ, and
one that worked yesterday may not start today. This holds for envbuilder, too, which builds the devcontainer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.coder_templates import coder_templates
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="coder-image",
    severity=Severity.WARNING,
    summary="a Coder workspace whose image is whatever is newest",
    topic=Topic.IMAGES,
    profiles=("review",),
)

_IMAGE = re.compile(
    r'"((?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9._-]+(?:/[a-z0-9._-]+)*)(?::([\w.-]+))?(@sha256:[0-9a-f]{64})?"'
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each image that is written out."""
    for template in coder_templates(context):
        for file, block in template.blocks:
            for attribute in block.expressions() if block.kind == "resource" else ():
                match = _IMAGE.fullmatch(attribute.text) if attribute.name == "image" else None
                if match and not match[3] and match[2] in (None, "latest"):
                    message = (
                        f"the workspace runs {match[1]} by {match[2] or 'no tag'}: whatever is newest when it starts"
                    )
                    hint = "name a version or a digest"
                    yield Finding(
                        rule=RULE.id,
                        severity=RULE.severity,
                        message=message,
                        hint=hint,
                        file=file,
                        line=attribute.line,
                    )
