"""``Daily backups``, ``Create backup CronJob`` → `schedule` in the application's namespace."""

from __future__ import annotations

import re

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_OFTEN = re.compile(
    r"^(?:automated )?(hourly|daily|nightly|weekly|monthly) (?:[\w-]+ ){0,2}?(?:backups?|dumps?|jobs?)\b", re.I
)
_JOB = re.compile(r"\b(?:create|add|configure)\b.*\bCronJob\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """A CronJob (or a backup object) that runs that often; any, where how often is not said."""
    namespace = entry.subject.namespace
    often = _OFTEN.search(entry.title)
    if not namespace or not (often or _JOB.search(entry.title)):
        return None
    word = {"nightly": "daily"}.get(often[1].lower(), often[1].lower()) if often else ""
    return Inferred(checks=(("schedule", f"{namespace}/*", *filter(None, (word,))),))
