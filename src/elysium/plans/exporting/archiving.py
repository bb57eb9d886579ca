"""Move finished phases from the plan to its change log, so that the plan stays a living document.

What is moved stands in the change log byte for byte, between two comments that carry its digest; whoever wants it back
copies it. In the plan a need of a finished item is fulfilled for good, so it goes from the annotations of the others.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterator, Sequence

import msgspec

from elysium.errors import PlanError
from elysium.plans.document import annotating
from elysium.plans.document.markdown import lines_of
from elysium.plans.exporting.entries import part_label
from elysium.plans.types import Part, PartKind, Plan

__all__ = ["Archive", "archive", "archived_texts"]

_BEGIN = "<!-- archived sha256:"
_END = "<!-- end of sha256:"


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """The plan without its finished phases, and the entry of the change log that holds them; empty where none is."""

    plan: str
    entry: str = ""
    phases: tuple[str, ...] = ()


def archive(plan: Plan, finished: Collection[int], today: datetime.date, owner: str = "") -> Archive:
    """Take the phases whose headings stand on the `finished` lines out of the plan. A phase inside of another
    goes with it.
    """
    phases = tuple(_outermost(plan.parts, finished))
    if not phases:
        return Archive(plan=plan.text)
    lines = lines_of(plan.text)
    spans = [(part.line, _end(part, lines)) for part in phases]
    gone = {number for begin, end in spans for number in range(begin, end)}
    kept = "".join(line for number, line in enumerate(lines, start=1) if number not in gone)
    moved = tuple("".join(lines[begin - 1 : end - 1]) for begin, end in spans)
    names = tuple(part_label(part) for part in phases)
    return Archive(
        plan=_without_needs(kept, _ids(plan, gone)),
        entry=_entry(names, moved, today, owner or next((part.owner for part in phases if part.owner), "")),
        phases=names,
    )


def archived_texts(log: str) -> tuple[str, ...]:
    """The texts that were moved into a change log. Raises PlanError where one was changed since."""
    found = []
    for piece in log.split(_BEGIN)[1:]:
        digest, _, rest = piece.partition(" -->\n")
        text = rest.partition(f"\n{_END}{digest} -->")[0]
        if _digest(text) != digest:
            hint = "look for it in the history: `git log -p` of the change log"
            raise PlanError("an archived phase is not what was archived", subject="change log", hint=hint)
        found.append(text)
    return tuple(found)


def _outermost(parts: tuple[Part, ...], finished: Collection[int]) -> Iterator[Part]:
    for part in parts:
        if part.kind is PartKind.PHASE and part.line in finished:
            yield part
        else:
            yield from _outermost(part.parts, finished)


def _end(part: Part, lines: Sequence[str]) -> int:
    """The line after a phase and the empty lines that follow it."""
    end = part.end
    while end <= len(lines) and not lines[end - 1].strip():
        end += 1
    return end


def _ids(plan: Plan, lines: set[int]) -> frozenset[str]:
    return frozenset(place.item.id for place in plan.places() if place.item.line in lines)


def _without_needs(text: str, done: frozenset[str]) -> str:
    """The text without needs of what is done, in the annotations at the ends of its lines."""
    lines = lines_of(text)
    for number, tail in annotating.tails(text).items():
        for words in tail:
            given = annotating.read(words, annotating.ITEM_KEYS | annotating.PART_KEYS, f"line {number}")
            kept = tuple(_open(given, done))
            if kept != given:
                said = annotating.inline(kept) if kept else ""
                lines[number - 1] = lines[number - 1].replace(f"<!-- plan:{words}-->", said)
    return "".join(lines)


def _open(given: annotating.Annotation, done: frozenset[str]) -> Iterator[tuple[str, str]]:
    for key, value in given:
        names = [name.strip() for name in value.split(",")] if key == "needs" else []
        left = [name for name in names if name not in done]
        if len(left) == len(names):
            yield key, value
        elif left:
            yield key, ",".join(left)


def _entry(names: tuple[str, ...], moved: tuple[str, ...], today: datetime.date, owner: str) -> str:
    head = [
        f"## {today.isoformat()}: {', '.join(names)}: complete",
        "",
        f"- Owner: {owner or 'unknown'}",
        "- Rollback: the text below is what the plan said; copy it back",
        "",
    ]
    blocks = (f"{_BEGIN}{_digest(text)} -->\n{text}\n{_END}{_digest(text)} -->\n" for text in moved)
    return "\n".join(head) + "\n" + "\n".join(blocks)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
