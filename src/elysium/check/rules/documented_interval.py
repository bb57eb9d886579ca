"""A document that promises a deployment sooner than Flux looks at Git.

Flux sees a push when its source is fetched again, after `interval`, or at once when the forge calls a Receiver. Where
neither is as fast as the document says, people wait, lose patience and reconcile by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.kit.durations import seconds
from elysium.model import Finding, RenderedObject, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="documented-interval",
    severity=Severity.WARNING,
    summary="a document that promises a deployment sooner than Flux looks at Git",
    topic=Topic.DOCUMENTATION,
    profiles=("gitops", "review"),
)

_SOURCES = "source.toolkit.fluxcd.io"
_PROMISE = re.compile(
    r"(?i)\b(?:flux|auto-?deploy\w*|deploy(?:s|ed)?|sync(?:s|ed)?|reconcile[sd]?|appl(?:y|ies|ied))\b[^.\n|]{0,60}?"
    r"\bwithin\s+(?:about\s+|~)?(\d+)\s*(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?)?\b"
)
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def check(context: Context) -> Iterator[Finding]:
    """One finding for each sentence, if every cluster looks more seldom and none has a Receiver."""
    indexes = list(context.objects.values())
    if not indexes or any(index.of_kind("notification.toolkit.fluxcd.io", "Receiver") for index in indexes):
        return
    slowest, written, source = min((_interval(index) for index in indexes), key=lambda found: found[0])
    at = in_object(context, source, ("spec", "interval")) if source else None
    looks = f"Flux looks at Git every {written}" + (f" ({at.file}:{at.line})" if at else "")
    for path in context.paths:
        if not path.endswith(".md") or "within" not in (text := context.text(path)):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for amount, unit in _PROMISE.findall(line):
                if int(amount) * _SECONDS[unit.lower()] < slowest:
                    message = f"this promises a deployment within {amount}{unit}, and {looks}"
                    hint = "add a Receiver that the forge calls, shorten the interval of the source, or mend the text"
                    yield Finding(
                        rule=RULE.id, severity=RULE.severity, message=message, hint=hint, file=path, line=number
                    )


def _interval(index: ObjectIndex) -> tuple[int, str, RenderedObject | None]:
    """How often the repository itself is fetched: the longest interval of its source, nothing where that is unknown."""
    longest: tuple[int, str, RenderedObject | None] = (0, "", None)
    for kind in ("GitRepository", "OCIRepository"):
        for item in index.of_kind(_SOURCES, kind):
            written = mapping(index.body(item).get("spec")).get("interval")
            if item.name == "flux-system" and isinstance(written, str):
                longest = max(longest, (seconds(written) or 0, written, item), key=lambda found: found[0])
    return longest
