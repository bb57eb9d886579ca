"""Work that only a person can say is done: ``Verify …``, ``Coordinate …``, exit criteria, tests of a running system."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring import commands
from elysium.plans.importing.inferring.types import Entry, Inferred
from elysium.plans.types import Role

__all__ = ["recognise"]

_PEOPLE = re.compile(
    r"^(?:verify|review|coordinate|inform|confirm|monitor|test|harden|capture|hold|maintain|evaluate|validate|observe"
    r"|commit|trigger|announce|share|store|smoke test|track|research|grant|prepare|ensure|update|document|record"
    r"|inventory|only|open|link|flag|perform|rotate|audit|check)\b",
    re.IGNORECASE,
)
_ROLES = (Role.CRITERION, Role.TEST, Role.ROLLBACK, Role.DOCUMENT, Role.CONTROL, Role.OBSERVATION)


def recognise(entry: Entry) -> Inferred | None:
    """The item is attested, where nothing else tells it."""
    by_hand = bool(_PEOPLE.match(entry.title)) or commands.asks_a_person(entry)
    asked = (by_hand and entry.item.role is not Role.NOTE) or entry.item.role in _ROLES
    return Inferred(manual=True) if asked else None
