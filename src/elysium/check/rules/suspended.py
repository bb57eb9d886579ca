"""An object of Flux that was suspended, in Git.

`spec.suspend: true` stops everything that it does until somebody takes it back. In Git it is easily forgotten: changes
are merged and never arrive.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="suspended",
    severity=Severity.INFO,
    summary="an object of Flux that is suspended in Git",
    topic=Topic.FLUX,
    profiles=(
        "review",
        "gitops",
    ),
)

_KINDS = (
    "Kustomization",
    "HelmRelease",
    "GitRepository",
    "OCIRepository",
    "HelmRepository",
    "Bucket",
    "ImageRepository",
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each suspended object."""
    for found in flux_objects(context, *_KINDS, "ImagePolicy", "ImageUpdateAutomation"):
        if found.spec.get("suspend") is True:
            at = in_object(context, found.item, ("spec", "suspend"))
            message = f"{found.item} is suspended: changes do not arrive until somebody resumes it"
            yield about_object(
                RULE, found.item, at, message, hint="take suspend out, or write down beside it why and until when"
            )
