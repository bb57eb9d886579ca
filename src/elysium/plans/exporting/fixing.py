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
from elysium.plans.progress.states import combined
from elysium.plans.progress.verification import Verification
from elysium.plans.types import Item, Mark, PartKind, Plan

__all__ = ["Misstated", "fix_marks", "misstated"]


class Misstated(msgspec.Struct, frozen=True, kw_only=True):
    """A typed mark that the computed state contradicts: its line, what is said about what, and what is so."""

    line: int
    about: str
    said: Mark
    state: Mark

    @property
    def wrong(self) -> bool:
        """Whether they contradict each other; of what is blocked, only that it is complete is wrong."""
        return self.said is Mark.COMPLETE if self.state is Mark.BLOCKED else self.said is not self.state


def fix_marks(plan: Plan, found: Verification) -> str:
    """The text of the plan with the computed marks and checkboxes; every other byte is as it was."""
    text = write_signs(plan.text, {mark.line: mark.state for mark in _signs(plan, found)})
    return write_boxes(text, {mark.line: mark.state for mark in _boxes(plan, found)})


def misstated(plan: Plan, found: Verification) -> tuple[Misstated, ...]:
    """The typed marks that are wrong, in the order of the text. A box that nobody ticked says nothing."""
    signs = {mark.line: mark for mark in _signs(plan, found)}
    ticked = [mark for mark in _boxes(plan, found) if mark.said is Mark.COMPLETE and mark.line not in signs]
    wrong = (mark for mark in (*signs.values(), *ticked) if mark.wrong)
    return tuple(sorted(wrong, key=lambda mark: mark.line))


def _signs(plan: Plan, found: Verification) -> Iterator[Misstated]:
    """Every sign that something is known about, right or wrong; the last of a line counts."""
    yield from _of_phase_lines(plan, found)
    for part in found.parts:
        for claim in part.claims[:1]:
            if claim.line == part.line and part.state is not Mark.UNKNOWN:
                yield Misstated(line=claim.line, about=part.title, said=claim.mark, state=part.state)
    for item, state in _known(plan, found):
        for claim in item.claims[:1]:
            yield Misstated(line=claim.line, about=item.id, said=claim.mark, state=state)


def _boxes(plan: Plan, found: Verification) -> Iterator[Misstated]:
    """Every checkbox that something is known about."""
    for item, state in _known(plan, found):
        if item.checkbox is not None:
            said = Mark.COMPLETE if item.checkbox else Mark.PENDING
            yield Misstated(line=item.line, about=item.id, said=said, state=state)


def _known(plan: Plan, found: Verification) -> Iterator[tuple[Item, Mark]]:
    """Items with their states; those of which nothing is known are left out."""
    states = {item.id: item.state for item in found.items if item.state is not Mark.UNKNOWN}
    for place in plan.places():
        if place.item.id in states:
            yield place.item, states[place.item.id]


def _of_phase_lines(plan: Plan, found: Verification) -> Iterator[Misstated]:
    phases = {part.number: part.state for part in found.parts if part.kind is PartKind.PHASE}
    for claim in claimed(read(plan)):
        states = [phases[number] for number in claim.phases if number in phases]
        state = combined(states) if len(states) == len(claim.phases) and states else Mark.UNKNOWN
        if state is not Mark.UNKNOWN:
            yield Misstated(line=claim.line.number, about=claim.about, said=claim.mark, state=state)
