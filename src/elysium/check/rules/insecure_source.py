"""A source that is fetched without encryption, or without a look at its certificate.

Whoever is on the way can change charts and manifests, and with them the cluster. `http://` inside the cluster
(`.svc`, `.cluster.local`) and to the machine itself is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="insecure-source",
    severity=Severity.WARNING,
    summary="a source that is fetched without encryption",
    topic=Topic.FLUX,
    profiles=(
        "security",
        "gitops",
    ),
)

_KINDS = ("GitRepository", "HelmRepository", "OCIRepository", "Bucket", "ImageRepository")
_INSIDE = re.compile(r"^(localhost|127\.[\d.]+|\[::1\]|[^/]*\.svc|[^/]*\.svc\.[^/]*|[^/.]+)(:\d+)?(/|$)")


def check(context: Context) -> Iterator[Finding]:
    """One finding for each such source."""
    for found in flux_objects(context, *_KINDS):
        url = str(found.spec.get("url") or "")
        if url.startswith("http://") and not _INSIDE.match(url.removeprefix("http://")):
            at = in_object(context, found.item, ("spec", "url"))
            message = f"{found.item} is fetched over plain HTTP: {urlsplit(url).hostname}"
            yield about_object(RULE, found.item, at, message, hint="use https:// or ssh://")
        elif found.spec.get("insecure") is True and not _INSIDE.match(_address(found.spec)):
            at = in_object(context, found.item, ("spec", "insecure"))
            message = f"{found.item} is fetched without encryption (insecure: true)"
            yield about_object(
                RULE, found.item, at, message, hint="take insecure out, and name the CA in certSecretRef"
            )


def _address(spec: dict[str, Any]) -> str:
    """The host and path of what is fetched."""
    return str(spec.get("url") or spec.get("endpoint") or spec.get("image") or "").partition("://")[2] or str(
        spec.get("endpoint") or spec.get("image") or ""
    )
