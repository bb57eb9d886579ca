"""``Daily backups``, ``Create backup CronJob`` → `schedule`; ``retention (7 daily)``, tools → what a CronJob says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.plans.importing.inferring.types import Entry, Inferred

__all__ = ["recognise"]

_OFTEN = re.compile(
    r"^(?:automated )?(hourly|daily|nightly|weekly|monthly) (?:[\w-]+ ){0,2}?(?:backups?|dumps?|jobs?)\b", re.I
)
_TOOL = re.compile(r"\b(rclone|restic|velero|pg_?dump|mysqldump)\b", re.IGNORECASE)
_KEPT = re.compile(r"\b(\d{1,4}) (hourly|daily|weekly|monthly|yearly)\b", re.IGNORECASE)
_JOB = re.compile(r"\b(?:create|add|configure)\b.*\bCronJob\b", re.IGNORECASE)


def recognise(entry: Entry) -> Inferred | None:
    """A CronJob (or a backup object) that runs that often, with what it uses and how many copies it keeps."""
    namespace = entry.subject.namespace
    checks = tuple(_checks(entry, namespace)) if namespace and entry.section in ("steps", "architecture") else ()
    return Inferred(checks=checks) if checks else None


def _checks(entry: Entry, namespace: str) -> Iterator[tuple[str, ...]]:
    often = _OFTEN.search(entry.title)
    if often or _JOB.search(entry.title):
        word = {"nightly": "daily"}.get(often[1].lower(), often[1].lower()) if often else ""
        yield ("schedule", f"{namespace}/*", *filter(None, (word,)))
    texts = tuple(_kept(entry.title)) if "retention" in entry.title.lower() else () if often else _tools(entry.title)
    if texts:
        yield ("object", f"*/{namespace}/*", *(word for text in texts for word in ("contains", text)))


def _kept(title: str) -> Iterator[str]:
    """How many copies of each kind: `KEEP_DAILY` with 7, or `--keep-daily 7`."""
    for number, often in _KEPT.findall(title):
        yield f"/(?i){often}[^0-9]{{0,20}}{number}([^0-9]|$)/"


def _tools(title: str) -> tuple[str, ...]:
    """The programs that are named, however the dump of PostgreSQL is spelt."""
    names = (name.lower().replace("_", "") for name in _TOOL.findall(title))
    return tuple("/pg_?dump/" if name == "pgdump" else f"/{name}/" for name in names)
