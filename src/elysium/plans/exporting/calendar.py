"""The due days of a plan as a calendar: iCalendar, RFC 5545, whole-day events that every calendar shows.

An event keeps its UID as long as the item keeps its id, so importing the file again moves events and adds none twice
(RFC 5545, 3.8.4.7). Lines end in CRLF and are folded at 75 octets (3.1), never inside of a character.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from elysium.plans.exporting.entries import entries, part_label
from elysium.plans.types import Mark, PartKind, Plan

__all__ = ["calendar"]

_OCTETS = 75
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPECIAL = re.compile(r"[\\;,]")


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    day: datetime.date
    summary: str
    description: str
    category: str


def calendar(plan: Plan, stamp: datetime.datetime, states: Mapping[str, Mark] | None = None) -> str:
    """One event for every part that is due on a day, and for every open item with a day of its own. `stamp` is when
    this is made.
    """
    made = stamp.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    name = plan.title or plan.name or plan.path or "plan"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Elysium//Plans//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in (*_parts(plan), *_items(plan, states)):
        lines += _lines(event, _identity(plan), made)
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _items(plan: Plan, states: Mapping[str, Mark] | None) -> Iterator[_Event]:
    for entry in entries(plan, states):
        day = _day(entry.due)
        if day is None or entry.done or entry.shared_due:
            continue
        facts = (
            ("Item", entry.item.id),
            ("Phase", entry.phase),
            ("Owner", entry.owner),
            ("State", entry.state or ""),
            *(("Check", str(check)) for check in entry.item.checks),
        )
        yield _Event(
            key=f"item {entry.item.id}",
            day=day,
            summary=f"{entry.title} ({entry.owner})",
            description=_described(facts),
            category=entry.owner,
        )


def _parts(plan: Plan) -> Iterator[_Event]:
    for part in plan.all_parts():
        day = _day(part.due)
        if day is None:
            continue
        label = part_label(part) or part.kind.value
        known = part.kind in (PartKind.PHASE, PartKind.STEP) and part.number
        place = f"{part.kind.value} {part.number}" if known else f"{part.kind.value} {label}"
        described = _described((("Owner", part.owner), ("Plan", plan.title or plan.name)))
        yield _Event(key=place, day=day, summary=f"{label} is due", description=described, category=part.owner)


def _described(facts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _lines(event: _Event, plan: str, stamp: str) -> Iterator[str]:
    digest = hashlib.sha256(f"{plan}\0{event.key}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{digest}@plan.elysium"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.category:
        yield f"CATEGORIES:{_escaped(event.category)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _identity(plan: Plan) -> str:
    return plan.name or plan.title or plan.path


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    calm = _CONTROL.sub(" ", text.replace("\r\n", "\n"))
    return _SPECIAL.sub(r"\\\g<0>", calm).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets; each after the first begins with a blank, which counts."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece
