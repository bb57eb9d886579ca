"""A HEALTHCHECK in an image that Kubernetes runs.

The kubelet does not look at it: the state of a container comes from the probes of its pod. It only misleads whoever
reads it, and tools in the image that exist for it alone are ballast.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.files.dockerfiles import about, dockerfiles
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="dockerfile-healthcheck",
    severity=Severity.INFO,
    summary="a HEALTHCHECK, which Kubernetes does not look at",
    topic=Topic.IMAGES,
    profiles=("review",),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each HEALTHCHECK that is not NONE."""
    for path, file in dockerfiles(context).items():
        for item in file.final:
            if item.keyword == "HEALTHCHECK" and item.value.strip().upper() != "NONE":
                message = "Kubernetes does not look at HEALTHCHECK"
                yield about(RULE, path, item.line, message, hint="leave it out, and write probes in the pod")
