"""``by 2026-12-01`` → `due`."""

from __future__ import annotations

import datetime
import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_ISO = re.compile(r"\b(?:due|by|until|before|deadline):? \(?(\d{4}-\d{2}-\d{2})\b", re.IGNORECASE)
_ENGLISH = re.compile(
    r"\b(?:due|by|until|before|deadline):? "
    r"((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)\.? (\d{1,2}),? (\d{4})\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def recognise(entry: Entry) -> Inferred | None:
    """The day that a word of time stands before."""
    if entry.item.due:
        return None
    iso, english = _ISO.search(entry.title), _ENGLISH.search(entry.title)
    try:
        if iso:
            return Inferred(due=datetime.date.fromisoformat(iso[1]).isoformat())
        if english:
            month = _MONTHS.index(english[1][:3].lower()) + 1
            return Inferred(due=datetime.date(int(english[3]), month, int(english[2])).isoformat())
    except ValueError:
        return None
    return None
