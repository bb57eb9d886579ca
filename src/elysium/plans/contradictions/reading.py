"""A plan line by line, as the detectors look at it: without annotations, each line with the headings above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from elysium.plans.document import annotating, markdown
from elysium.plans.types import Part, PartKind, Plan

__all__ = ["Line", "Reading", "read"]

_ENTRY = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_LONGEST = 2000
"""Signs of a line that are looked at: a plan under review may hold lines of any length."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: its number (from 1), its words without marker and annotation, and where it stands.

    `part` is the innermost heading's, `phase` the number of the phase around it; `depth` is the indentation of an entry
    of a list and -1 for anything else; `group` is the same for entries of one list. `code` lines are fenced.
    """

    number: int
    text: str
    part: Part
    phase: str = ""
    depth: int = -1
    group: int = 0
    code: bool = False
    heading: bool = False

    @property
    def quote(self) -> str:
        """The line as it is quoted."""
        return " ".join(self.text.split())[:200]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The plan, its lines that are not empty, and its phases by number."""

    plan: Plan
    lines: tuple[Line, ...]
    phases: dict[str, Part]

    @property
    def prose(self) -> tuple[Line, ...]:
        """The lines that are no code."""
        return tuple(line for line in self.lines if not line.code)


def read(plan: Plan) -> Reading:
    """The lines of a plan."""
    phases = {part.number: part for part in plan.all_parts() if part.kind is PartKind.PHASE and part.number}
    return Reading(plan=plan, lines=tuple(_lines(plan)), phases=phases)


def _lines(plan: Plan) -> Iterator[Line]:
    raw = markdown.lines_of(plan.text)
    head = annotating.head(plan.text)
    below = head.line + head.words.count("\n") if head else 0
    code = markdown.code_lines(plan.text)
    above = _parts_by_line(plan, len(raw))
    group = 0
    for number, text in enumerate(raw, 1):
        bare = annotating.bare(text).rstrip()[:_LONGEST] if number > below else ""
        part, phase = above[number - 1]
        found = _ENTRY.match(bare) if number not in code else None
        if not found and bare and not bare[0].isspace():
            group = number
        if not bare.strip():
            continue
        yield Line(
            number=number, text=bare[found.end() :] if found else bare, part=part, phase=phase, group=group,
            depth=len(found["indent"]) if found else -1, code=number in code,
            heading=bool(part.level) and number == part.line,
        )  # fmt: skip


def _parts_by_line(plan: Plan, count: int) -> list[tuple[Part, str]]:
    """For each line the innermost part and the number of the phase around it."""
    nowhere = Part(kind=PartKind.PREAMBLE)
    above = [(nowhere, "")] * count
    waiting = [(part, "") for part in reversed(plan.parts)]
    while waiting:
        part, phase = waiting.pop()
        phase = part.number if part.kind is PartKind.PHASE else phase
        for number in range(max(part.line, 1), min(part.end, count + 1)):
            above[number - 1] = (part, phase)
        waiting += [(inner, phase) for inner in reversed(part.parts)]
    return above
