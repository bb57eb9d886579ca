"""What decision records lack: a status that means something, reasons, and a trigger for what was put off."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from elysium.plans.registers.decisions import DecisionRecord
from elysium.plans.registers.findings import RegisterFinding

__all__ = ["STATUSES", "lint_decisions"]

STATUSES = ("proposed", "accepted", "deferred", "rejected", "superseded", "deprecated")

_VAGUE = re.compile(
    r"(?:if|when|as|once|where)?\s*(?:it is |ever )?(?:later|tbd|tba|n/?a|none|never|needed|required|necessary|"
    r"possible|appropriate|eventually|someday|some day|in the future|to be decided|unknown|open)\W*",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FILE_NUMBER = re.compile(r"(\d{1,6})-")
_LINK = re.compile(r"\b(\d{1,6})\b")

_Defect = tuple[str, str, str, str]
"""The rule, the part that it is about, the message, the hint."""


def lint_decisions(records: Iterable[DecisionRecord], today: datetime.date) -> tuple[RegisterFinding, ...]:
    """What is wrong with each record and with them together, in the order of the records."""
    kept = tuple(records)
    numbers = {record.number.lstrip("0") for record in kept if record.number}
    seen: dict[str, str] = {}
    found: list[RegisterFinding] = []
    for record in kept:
        defects = (*_parts(record), *_status(record, numbers), *_trigger(record, today), *_number(record, seen))
        found += [_finding(record, *defect) for defect in defects]
        seen.setdefault(record.number.lstrip("0"), record.path)
    return tuple(found)


def _finding(record: DecisionRecord, rule: str, part: str, message: str, hint: str) -> RegisterFinding:
    return RegisterFinding(rule=rule, message=message, hint=hint, file=record.path, line=record.lines.get(part, 1))


def _parts(record: DecisionRecord) -> Iterator[_Defect]:
    if not (record.context or record.reason):
        yield "decision-reason", "", "the record does not say why", "add `## Context` or `## Reason`"
    if not record.decision and record.status.split()[:1] != ["deferred"]:
        yield "decision-missing", "", "the record does not say what was decided", "add `## Decision`"
    if not record.consequences and record.status.split()[:1] == ["accepted"]:
        hint = "add `## Consequences`: what becomes easier, what harder"
        yield "decision-consequences", "", "the record does not say what follows", hint


def _status(record: DecisionRecord, numbers: set[str]) -> Iterator[_Defect]:
    words = re.findall(r"[a-z]+", record.status)
    hint = f"write `Status: accepted`; one of {', '.join(STATUSES)}"
    if not words:
        yield "decision-status", "status", "the record has no status", hint
    elif words[0] not in STATUSES:
        yield "decision-status", "status", f"{record.status!r} is no status", hint
    elif words[0] == "superseded":
        named = _LINK.search(f"{record.status} {record.superseded}")
        if not named:
            yield "decision-superseded", "status", "nothing says what replaces it", "write `Status: superseded by 0012`"
        elif named[1].lstrip("0") not in numbers:
            yield "decision-superseded", "status", f"there is no record {named[1]}", "name a record of this folder"


def _trigger(record: DecisionRecord, today: datetime.date) -> Iterator[_Defect]:
    if record.status.split()[:1] != ["deferred"]:
        return
    hint = "say what can be seen: `Revisit: more than 50 requests a second for a week`, or a day"
    if not record.revisit:
        yield "decision-trigger", "status", "it is deferred, and nothing says until when", hint
    elif _VAGUE.fullmatch(record.revisit.strip()):
        yield "decision-trigger", "revisit", f"{record.revisit!r} can never be told to have come", hint
    elif (day := _DAY.search(record.revisit)) and day[0] < today.isoformat():
        yield "decision-overdue", "revisit", f"it was to be looked at again on {day[0]}", "decide, or name another day"


def _number(record: DecisionRecord, seen: dict[str, str]) -> Iterator[_Defect]:
    named = _FILE_NUMBER.match(PurePosixPath(record.path).name)
    number = record.number.lstrip("0")
    if named and number and named[1].lstrip("0") != number:
        yield "decision-number", "", f"the file says {named[1]}, the heading {record.number}", "let both say the same"
    if number and number in seen:
        yield "decision-number", "", f"{seen[number]} has the same number", "give each record a number of its own"
