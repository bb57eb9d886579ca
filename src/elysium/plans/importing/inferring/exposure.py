"""``Internal only (no external ingress)`` → `no-object Ingress/NAMESPACE/*`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_INTERNAL = re.compile(r"\binternal only\b|\bno (?:external |public )?ingress\b|\bnot exposed\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """No route of any kind leads to the application's namespace."""
    namespace = entry.subject.namespace
    if not namespace or not _INTERNAL.search(entry.title):
        return None
    kinds = ("Ingress", "IngressRoute", "HTTPRoute")
    return Inferred(checks=(("no-object", *(f"{kind}/{namespace}/*" for kind in kinds)),))
