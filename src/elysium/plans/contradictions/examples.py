"""A template whose own example leaves out what it demands: a step, or a labelled line of a section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.errors import PlanError
from elysium.plans.contradictions.reading import Line, Reading
from elysium.plans.contradictions.types import Contradiction, between
from elysium.plans.document.parsing import parse
from elysium.plans.importing.blocks import blocks
from elysium.plans.types import Part, PartKind, Plan

__all__ = ["detect"]

_LABEL = re.compile(r"^\*\*([^*\n]{2,40})\*\*:?|^([A-Z][\w /-]{2,40}):")
_STEM = 5
"""So many first letters say that two words are of one family: `Dependencies` and `Depends`."""

_LEAST = 2


def detect(reading: Reading) -> Iterator[Contradiction]:
    """What each example of a whole document lacks of the sections that stand outside of it."""
    by_number = {line.number: line for line in reading.lines}
    for code in blocks(reading.plan):
        example = _parsed(code.text)
        if example is not None and (line := by_number.get(code.line + 1)) is not None:
            yield from _missing(reading, example, line)


def _parsed(text: str) -> Plan | None:
    """The example as a plan; None where it holds broken annotations, which are not its template's."""
    try:
        return parse(text)
    except PlanError:
        return None


def _missing(reading: Reading, example: Plan, line: Line) -> Iterator[Contradiction]:
    shown = {part.key: part for part in example.all_parts() if part.kind is PartKind.SECTION}
    steps = _steps(example)
    lacking = [(f"Step {number}", at) for number, at in _steps(reading.plan).items() if number not in steps and steps]
    for part in reading.plan.all_parts():
        if part.kind is PartKind.SECTION and part.key in shown and part.key != "steps":
            said = _labels(shown[part.key])
            lacking += [(f"{part.title}: {name}", part.line) for name in _labels(part) if said and not _has(said, name)]
    by_number = {item.number: item for item in reading.lines}
    for name, place in lacking:
        message = f"the example has no {name!r}, which the template demands"
        yield between("examples", message, by_number.get(place, line), line)


def _steps(plan: Plan) -> dict[str, int]:
    """The numbers of a plan's steps, with their lines."""
    return {part.number: part.line for part in plan.all_parts() if part.kind is PartKind.STEP}


def _labels(part: Part) -> tuple[str, ...]:
    """The labels that begin the entries of a section, when most of them have one."""
    found = [_LABEL.match(item.text) for item in part.items]
    labels = tuple(match[1] or match[2] for match in found if match)
    return labels if len(labels) >= _LEAST else ()


def _has(said: tuple[str, ...], label: str) -> bool:
    stems = {word[:_STEM].lower() for one in said for word in re.findall(r"\w{3,}", one)}
    return any(word[:_STEM].lower() in stems for word in re.findall(r"\w{3,}", label))
