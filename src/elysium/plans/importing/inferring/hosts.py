"""``4+ vCPU, 8+ GB RAM, 80+ GB SSD free`` → `host`, compared with the facts that `elysium doctor host` gathers."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["FACTS", "recognise"]

FACTS = "hosts/facts.json"
"""Where the facts of a host are looked for; a plan with several hosts names each."""

_CPU = re.compile(r"\b(\d{1,4})\+ ?(?:v?CPUs?|cores)\b", re.IGNORECASE)
_MEMORY = re.compile(r"\b(\d{1,5})\+ ?G(?:i?B)? (?:of )?(?:RAM|memory)\b", re.IGNORECASE)
_DISK = re.compile(r"\b(\d{1,6})\+ ?G(?:i?B)? (?:of )?(?:free )?(?:SSD|disk|NVMe|storage)\b", re.IGNORECASE)
_AT_LEAST = 2


def recognise(entry: Entry) -> Inferred | None:
    """At least two amounts of a machine with a plus behind each."""
    found = [
        f"{name}>={match[1]}{unit}"
        for name, pattern, unit in (("cpu", _CPU, ""), ("memory", _MEMORY, "G"), ("disk", _DISK, "G"))
        if (match := pattern.search(entry.title))
    ]
    return Inferred(checks=(("host", FACTS, *found),)) if len(found) >= _AT_LEAST else None
