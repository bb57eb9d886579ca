"""Decision records: one file each, `NNNN-words.md`, with what was decided, why, and what would open it again.

The parts are headings (`## Context`) or lines (`Status: accepted`), as both are in use. A deferred decision needs a
trigger for looking at it again (requirement 3.8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from elysium.plans.document import markdown
from elysium.plans.document.markdown import Block, BlockKind
from elysium.plans.registers.records import fields_of, with_value
from elysium.plans.registers.values import Field, Lines
from elysium.plans.words import plain, slug

__all__ = ["DecisionRecord", "compose_decision", "read_decision", "with_decision_value"]

_NAMES = {
    "status": "status",
    "date": "date", "decided": "date",
    "by": "by", "owner": "by", "deciders": "by", "decided-by": "by",
    "context": "context", "problem": "context", "background": "context",
    "decision": "decision", "chosen": "decision",
    "reason": "reason", "reasons": "reason", "rationale": "reason", "why": "reason",
    "consequences": "consequences", "outcome": "consequences",
    "revisit": "revisit", "revisit-trigger": "revisit", "revisit-when": "revisit", "trigger": "revisit",
    "superseded-by": "superseded", "replaced-by": "superseded",
}  # fmt: skip
_PARTS = ("context", "decision", "reason", "consequences", "revisit")
_NUMBER = re.compile(r"(\d{1,6})\b")


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record. `number` is what its heading says, `text` every byte; `lines` has the line of each part."""

    path: str = ""
    text: str = ""
    number: str = ""
    title: str = ""
    status: str = ""
    date: str = ""
    by: str = ""
    context: str = ""
    decision: str = ""
    reason: str = ""
    consequences: str = ""
    revisit: str = ""
    superseded: str = ""
    lines: dict[str, int] = {}


def read_decision(text: str, path: str = "") -> DecisionRecord:
    """What a decision record says; a part that it has not is empty."""
    found = _fields(text)
    values = {name: field.value for name, field in found.items()}
    values["status"] = values.get("status", "").lower().rstrip(".")
    heading = next((block for block in markdown.read_blocks(text) if block.kind is BlockKind.HEADING), None)
    title = plain(heading.text) if heading else ""
    number = _NUMBER.search(title)
    return DecisionRecord(
        path=path,
        text=text,
        number=number[1] if number and _begins(title, number) else "",
        title=title[number.end() :].lstrip(" .:–—-") if number and _begins(title, number) else title,
        lines={name: field.line for name, field in found.items()},
        **values,
    )


def compose_decision(record: DecisionRecord) -> str:
    """A record with these parts; reading it gives them back."""
    named = (("Date", record.date), ("Owner", record.by), ("Superseded by", record.superseded))
    head = [f"Status: {record.status}", *(f"{name}: {value}" for name, value in named if value)]
    title = f"# {record.number}: {record.title}" if record.number else f"# {record.title}"
    lines = [title, "", "  \n".join(head), ""]
    for name in _PARTS:
        if value := getattr(record, name):
            lines += [f"## {name.capitalize()}", value, ""]
    return "\n".join(lines)


def with_decision_value(record: DecisionRecord, name: str, value: str) -> DecisionRecord:
    """The record with one part replaced, and every other byte as it was. Raises KeyError where it has no such part."""
    return read_decision(with_value(record.text, _fields(record.text)[name], value), record.path)


def _fields(text: str) -> dict[str, Field]:
    """Lines with a colon above the first part, and the parts below headings."""
    blocks = markdown.read_blocks(text)
    lines = Lines(text)
    parts = [place for place, block in enumerate(blocks) if block.kind is BlockKind.HEADING and block.level > 1]
    found = fields_of(blocks[: parts[0] if parts else len(blocks)], lines, _NAMES)
    for place in parts:
        name = _NAMES.get(slug(blocks[place].text), "")
        end = _end(blocks, place) if name and name not in found else place + 1
        if end > place + 1:
            found[name] = lines.field(blocks[place + 1].line, 0, _last(blocks[end - 1].end - 1, lines))
    return found


def _end(blocks: Sequence[Block], place: int) -> int:
    """Where the part that a heading begins is over: at the next heading of its level or above."""
    after = range(place + 1, len(blocks))
    level = blocks[place].level
    return next((later for later in after if 0 < blocks[later].level <= level), len(blocks))


def _last(number: int, lines: Lines) -> int:
    while number > 1 and not lines.text_of(number).strip():
        number -= 1
    return number


def _begins(title: str, number: re.Match[str]) -> bool:
    """Whether the number is the record's own: it stands first, or after a word such as ADR."""
    return len(title[: number.start()].split()) <= 1 and not title[: number.start()].strip().islower()
