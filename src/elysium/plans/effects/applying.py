"""Which files a plan writes in which step, and whether what it was made from is still there.

A step takes the files that its items name, by `file` or by a check that they exist; what no item names goes where files
of its sort usually go, and records of components go last. Steps are groups of paths: what is written, and how, is the
scaffold's part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from elysium.kit import digests
from elysium.plans.types import Item, ItemPlace, Plan, Reliance
from elysium.scaffold import Action, Change

__all__ = ["AppliedStep", "digest", "moved", "steps_of"]

_RECORDS = ".elysium/"


class AppliedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a plan with what it writes. `number` and `title` are the heading's; both are empty for the rest."""

    number: str
    title: str
    changes: tuple[Change, ...]

    @property
    def open(self) -> bool:
        """Whether something is still to be written."""
        return any(change.action not in (Action.KEEP, Action.CONFLICT) for change in self.changes)


def steps_of(plan: Plan, changes: Iterable[Change], usual: Callable[[Change], int]) -> tuple[AppliedStep, ...]:
    """The changes by steps, in the order of the plan; conflicts stay in the step of their file.

    `usual` gives the step of a file that no item names.
    """
    titles: dict[str, str] = {}
    named: dict[str, str] = {}
    for place in plan.places():
        number, title = _step(place)
        if number:
            titles.setdefault(number, title)
            named |= {path: number for path in _files(place.item) if path not in named}
    found: dict[str, list[Change]] = {number: [] for number in titles}
    for change in changes:
        found.setdefault(_number(change, named, titles, str(usual(change))), []).append(change)
    return tuple(
        AppliedStep(number=number, title=titles.get(number, ""), changes=tuple(taken))
        for number, taken in found.items()
        if taken
    )


def _step(place: ItemPlace) -> tuple[str, str]:
    """The step of an item, or the phase where a plan has no steps."""
    part = place.step or place.phase
    return (part.number, part.title) if part else ("", "")


def _files(item: Item) -> Sequence[str]:
    checked = (path for check in item.checks if check.verb == "exists" for path in check.arguments)
    return (*item.files, *checked)


def _number(change: Change, named: Mapping[str, str], titles: Collection[str], usual: str) -> str:
    last = next(reversed([*titles]), "")
    if change.path.startswith(_RECORDS):
        return last
    if change.path in named:
        return named[change.path]
    return usual if usual in titles else last


def moved(plan: Plan, changes: Iterable[Change], read: Callable[[str], str | None]) -> tuple[Reliance, ...]:
    """Files that the plan relies on and that are not what they were; what applying it has written itself is fine.

    A file is as applying leaves it when nothing would be changed in it any more.
    """
    written = {change.path: change.action for change in changes}
    return tuple(
        reliance
        for reliance in plan.relies
        if digest(read(reliance.path)) != reliance.digest and written.get(reliance.path) is not Action.KEEP
    )


def digest(text: str | None) -> str:
    """How a plan knows a file again: SHA-256 of its text; empty for none."""
    return "" if text is None else f"sha256:{digests.of_bytes(text.encode())}"
