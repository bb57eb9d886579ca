"""``HelmRepository: Bitnami (https://…)``, ``Add Bitnami Helm repository to Flux`` → `source`."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_STATED = re.compile(r"\bHelmRepository\b[^\n]{0,80}?((?:https|oci)://[^\s)`>]+)")
_ADDED = re.compile(r"\badd (?:the )?([\w-]+)(?:'s)? (?:Helm|chart) repository\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """A HelmRepository with that address; a name alone is looked up in the rest of the document."""
    stated = _STATED.search(entry.text)
    added = _ADDED.search(entry.title)
    address = stated[1] if stated else entry.subject.repositories.get(added[1].lower(), "") if added else ""
    return Inferred(checks=(("source", "HelmRepository/*/*", f"url={address}"),)) if address else None
