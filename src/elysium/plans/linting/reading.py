"""A plan as lints read it: its kind, its places, and what several lints ask for, found once."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property

from elysium.errors import UsageError
from elysium.plans import kinds
from elysium.plans.kinds import Kind
from elysium.plans.types import Item, ItemPlace, Part, PartKind, Plan, Role

__all__ = ["WORK", "Reading"]

_NOTHING = re.compile(r"(?:[^:]{1,60}:\s*)?(?:n/a|none|nothing|not applicable|not needed)\b", re.IGNORECASE)

WORK = frozenset({
    Role.TASK, Role.DELIVERABLE, Role.CRITERION, Role.TEST, Role.ROLLBACK, Role.DOCUMENT, Role.CONTROL,
})  # fmt: skip
"""Roles of items that somebody has to do, and that have a result."""


class Reading:
    """A plan with the day on which it is read. Everything here is derived from the plan alone."""

    def __init__(self, plan: Plan, today: datetime.date, exists: Callable[[str], bool] | None = None) -> None:
        self.plan = plan
        self.today = today
        self.exists = exists

    @cached_property
    def kind(self) -> Kind:
        """The plan's kind; a frame without demands where there is no such kind."""
        try:
            return kinds.find(self.plan.kind)
        except UsageError:
            return kinds.KINDS["custom"]

    @cached_property
    def places(self) -> tuple[ItemPlace, ...]:
        """Every item with its place, in the order of the document."""
        return tuple(self.plan.places())

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part, in the order of the document."""
        return tuple(self.plan.all_parts())

    @cached_property
    def by_id(self) -> dict[str, ItemPlace]:
        """Items by their ids; of several with the same one, the first."""
        found: dict[str, ItemPlace] = {}
        for place in self.places:
            found.setdefault(place.item.id, place)
        return found

    @cached_property
    def phases(self) -> tuple[Part, ...]:
        """The phases, in the order of the document."""
        return tuple(part for part in self.parts if part.kind is PartKind.PHASE)

    @cached_property
    def steps(self) -> tuple[Part, ...]:
        """The steps, in the order of the document."""
        return tuple(part for part in self.parts if part.kind is PartKind.STEP)

    @cached_property
    def stages(self) -> tuple[Part, ...]:
        """What the work is divided into: its phases, otherwise its steps."""
        return self.phases or self.steps

    @cached_property
    def work(self) -> tuple[ItemPlace, ...]:
        """The items that somebody has to do and that consist of no others; not what is deferred or does not apply."""
        later = {
            place.item.id
            for place in self.places
            if place.item.deferred or any(self.is_deferred(parent) for parent in place.parents)
        }
        return tuple(
            place
            for place in self.places
            if place.item.role in WORK and place.item.id not in later and not _is_no_work(place.item)
        )

    def is_deferred(self, identifier: str) -> bool:
        """Whether an item waits for a trigger."""
        place = self.by_id.get(identifier)
        return place is not None and bool(place.item.deferred)

    def section(self, key: str) -> Part | None:
        """The first section of a key."""
        return next((part for part in self.parts if part.kind is PartKind.SECTION and part.key == key), None)

    def owner(self, place: ItemPlace) -> str:
        """Who has an item: stated at it, at the items around it, or at the parts around it."""
        around = (self.by_id[parent].item.owner for parent in reversed(place.parents) if parent in self.by_id)
        parts = (part.owner for part in (place.part, place.step, place.section, place.phase) if part)
        return next(filter(None, (place.item.owner, *around, *parts)), "")

    def due(self, place: ItemPlace) -> str:
        """Until when an item is due: stated at it, or at the parts around it."""
        parts = (part.due for part in (place.part, place.step, place.phase) if part)
        return next(filter(None, (place.item.due, *parts)), "")

    def items_of(self, part: Part) -> tuple[Item, ...]:
        """Every item below a heading, with the items of items."""
        items, lines = self._by_line
        return items[bisect_left(lines, part.line) : bisect_left(lines, part.end)]

    @cached_property
    def _by_line(self) -> tuple[tuple[Item, ...], tuple[int, ...]]:
        items = tuple(sorted((place.item for place in self.places), key=lambda item: item.line))
        return items, tuple(item.line for item in items)


def _is_no_work(item: Item) -> bool:
    """Whether an item only stands for those below it, or says that there is nothing to do."""
    told = bool(item.checks or item.manual or item.decision)
    return not told and (bool(item.items) or _NOTHING.match(item.title) is not None)
