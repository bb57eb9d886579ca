"""``Decide on …`` → an open decision; ``Ingress controller: NGINX`` below `Decisions:` → one that is made."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred
from elysium.plans.types import Role
from elysium.plans.words import plain

__all__ = ["is_open", "recognise"]

_OPEN = re.compile(r"^(?:decide|choose|pick|agree|select)\b", re.IGNORECASE)
_LATER = re.compile(r"\bdeferred?\b|\blater\b|\bplaceholder\b|\btbd\b", re.IGNORECASE)
_LONGEST = 120


def is_open(entry: Entry) -> bool:
    """Whether the item asks for a decision."""
    return bool(_OPEN.match(entry.title))


def recognise(entry: Entry) -> Inferred | None:
    """Whether a decision is open, made or put off, as the words say."""
    if is_open(entry):
        return Inferred(decision=True)
    if entry.item.role is not Role.DECISION or entry.section == "snapshot":
        return None
    if _LATER.search(entry.title):
        return Inferred(decision=True)
    chosen = entry.rest if entry.label else ""
    chosen = plain(re.split(r"; ?| \(", chosen, maxsplit=1)[0]).rstrip(". ")[:_LONGEST]
    return Inferred(decided=chosen) if chosen else Inferred(decision=True)
