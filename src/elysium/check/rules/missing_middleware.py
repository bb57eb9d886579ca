"""A Middleware, TLSOption or TraefikService that does not exist.

Traefik does not serve a router one of whose middlewares or TLS options is missing: every request gets 404. In
annotations of an Ingress the name has the form `NAMESPACE-NAME@kubernetescrd`. Names with another provider (`@file`)
are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.check.absence.missing import missing, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.evaluate.consumers.traefik import GROUPS
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-middleware",
    severity=Severity.ERROR,
    summary="a route of Traefik names a Middleware, TLSOption or TraefikService that nothing makes",
    topic=Topic.INGRESS,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each reference to one of Traefik's objects that is not there."""
    for kind in ("Middleware", "MiddlewareTCP", "TLSOption", "TraefikService"):
        for index, use in uses(context, kind):
            items = [item for group in GROUPS for item in index.of_kind(group, kind)]
            known = {item.name for item in items if item.namespace == use.namespace}
            if use.name not in known:
                finding = missing(RULE, context, use, known)
                if finding is not None and not use.namespace:
                    hint = "in an annotation it is NAMESPACE-NAME@kubernetescrd"
                    yield msgspec.structs.replace(finding, hint=hint)
                elif finding is not None:
                    yield finding
