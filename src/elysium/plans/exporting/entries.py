"""The work of a plan as other tools take it: one flat list, each item with its phase, its owner and its due day.

An item for which nobody is named has the owner `unknown`; it is never the owner of the item before.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from elysium.plans.types import Item, ItemPlace, Mark, Part, PartKind, Plan, Role
from elysium.plans.words import plain

__all__ = ["UNKNOWN_OWNER", "Entry", "entries", "part_label"]

UNKNOWN_OWNER = "unknown"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item with its place. `state` is empty before verifying; a due day is shared where something around the
    item is due on it.
    """

    item: Item
    place: ItemPlace
    owner: str = UNKNOWN_OWNER
    due: str = ""
    shared_due: bool = False
    state: Mark | None = None

    @property
    def phase(self) -> str:
        """What people call the phase; empty outside of phases."""
        return part_label(self.place.phase)

    @property
    def step(self) -> str:
        """What people call the step; empty outside of steps."""
        return part_label(self.place.step)

    @property
    def numbers(self) -> tuple[str, str, str]:
        """Phase, section and step as programs name them: number, key, number."""
        phase, section, step = self.place.phase, self.place.section, self.place.step
        return (phase.number if phase else "", section.key if section else "", step.number if step else "")

    @property
    def title(self) -> str:
        """What the item says, on one line; its id where it says nothing."""
        return self.item.title or self.item.id

    @property
    def done(self) -> bool:
        """Whether it was found to be complete."""
        return self.state is Mark.COMPLETE


def entries(plan: Plan, states: Mapping[str, Mark] | None = None) -> tuple[Entry, ...]:
    """Every item that is work, in the order of the plan; notes are text and no work."""
    known = states or {}
    places = tuple(plan.places())
    days = {place.item.id: place.item.due for place in places}
    return tuple(_entry(place, days, known) for place in places if place.item.role is not Role.NOTE)


def part_label(part: Part | None) -> str:
    """What people call a part: `Phase 0.5: Images`, `Step 2: Application`, or its title."""
    if part is None:
        return ""
    title = plain(part.title)
    if part.kind not in (PartKind.PHASE, PartKind.STEP) or not part.number:
        return title
    name = f"{part.kind.value.capitalize()} {part.number}"
    if title.lower().startswith(name.lower()) and not title[len(name) : len(name) + 1].isalnum():
        return title
    rest = title.removeprefix(part.number).lstrip(" .:–—-")
    return f"{name}: {rest}" if rest else name


def _entry(place: ItemPlace, days: Mapping[str, str], states: Mapping[str, Mark]) -> Entry:
    item = place.item
    parts = (place.phase, place.section, place.step, place.part)
    around = {*(part.due for part in parts if part), *(days.get(name, "") for name in place.parents)}
    return Entry(
        item=item,
        place=place,
        owner=item.owner or UNKNOWN_OWNER,
        due=item.due,
        shared_due=item.due in around,
        state=states.get(item.id),
    )
