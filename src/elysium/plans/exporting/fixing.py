"""Typed marks against the computed states: which are wrong, and the plan with the right ones.

A mark is an item's own, a heading's, or one on a line about phases (`- Phases 0 & 0.5: ✅ Complete`). Where nothing is
known, nothing is said, so a second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from elysium.plans.contradictions.claimed import claimed
from elysium.plans.contradictions.reading import read
from elysium.plans.exporting.marks import write_boxes, write_signs
from elysium.plans.states import combined
from elysium.plans.types import Mark, PartKind, Plan
from elysium.plans.verification import Verification

__all__ = ["Misstated", "fix_marks", "misstated"]


class Misstated(msgspec.Struct, frozen=True, kw_only=True):
    """A typed mark that the computed state contradicts: its line, what is said about what, and what is so."""

    line: int
    about: str
    said: Mark
    state: Mark


def fix_marks(plan: Plan, found: Verification) -> str:
    """The text of the plan with the computed marks and checkboxes; every other byte is as it was."""
    boxes = {item.line: item.state for item in found.items}
    ticked = {place.item.line for place in plan.places() if place.item.checkbox is not None}
    signs = {line: state for line, _, _, state in _judged(plan, found)}
    text = write_signs(plan.text, signs)
    return write_boxes(text, {line: state for line, state in boxes.items() if line in ticked})


def misstated(plan: Plan, found: Verification) -> tuple[Misstated, ...]:
    """The typed marks that `fix_marks` would change, in the order of the text."""
    wrong = {
        line: Misstated(line=line, about=about, said=said, state=state)
        for line, about, said, state in _judged(plan, found)
        if _differs(said, state)
    }
    return tuple(wrong[line] for line in sorted(wrong))


def _judged(plan: Plan, found: Verification) -> Iterator[tuple[int, str, Mark, Mark]]:
    """Line, subject, claim and state of every mark that something is known about; the last of a line counts."""
    yield from _of_phase_lines(plan, found)
    for part in found.parts:
        for claim in part.claims[:1]:
            if claim.line == part.line and part.state is not Mark.UNKNOWN:
                yield claim.line, part.title, claim.mark, part.state
    states = {item.id: item.state for item in found.items if item.state is not Mark.UNKNOWN}
    for place in plan.places():
        for claim in place.item.claims[:1]:
            if state := states.get(place.item.id):
                yield claim.line, place.item.id, claim.mark, state


def _of_phase_lines(plan: Plan, found: Verification) -> Iterator[tuple[int, str, Mark, Mark]]:
    phases = {part.number: part.state for part in found.parts if part.kind is PartKind.PHASE}
    for claim in claimed(read(plan)):
        states = [phases[number] for number in claim.phases if number in phases]
        state = combined(states) if len(states) == len(claim.phases) and states else Mark.UNKNOWN
        if state is not Mark.UNKNOWN:
            yield claim.line.number, claim.about, claim.mark, state


def _differs(said: Mark, state: Mark) -> bool:
    return said is Mark.COMPLETE if state is Mark.BLOCKED else said is not state
