"""One of two renders, prepared for comparing: its objects by identity, and of what it knows nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from elysium.model import ObjectId, Render, RenderedObject, Unit, UnitId, UnitState

__all__ = ["Key", "Known", "Placed"]


class Key(NamedTuple):
    """An object of one cluster."""

    cluster: str
    object: ObjectId


class Placed(NamedTuple):
    """An object with the unit that makes it."""

    unit: UnitId
    item: RenderedObject


class Known:
    """What one render knows."""

    def __init__(self, render: Render) -> None:
        self.units: dict[UnitId, Unit] = {unit.id: unit for unit in sorted(render.units, key=lambda unit: unit.id)}
        self.objects: dict[Key, list[Placed]] = {}
        for unit in self.units.values():
            if _gap(unit):
                continue
            for item in unit.objects:
                self.objects.setdefault(Key(unit.id.cluster, item.id), []).append(Placed(unit.id, item))
        for found in self.objects.values():
            found.sort(key=lambda placed: (placed.unit, placed.item.raw))

    def gap(self, unit: UnitId, elsewhere: Mapping[UnitId, Unit]) -> str:
        """Why it is not known what a unit makes; empty when it is known, were it that there is no such unit.

        A unit that is not there may only be missing because what makes it (its parent `elsewhere`) has no result here.
        """
        for identity in _line(unit, elsewhere):
            here = self.units.get(identity)
            if here is not None:
                reason = _gap(here)
                return reason if identity == unit or not reason else f"{identity}, which makes {unit}, is {reason}"
        return ""

    def state(self, unit: UnitId, elsewhere: Mapping[UnitId, Unit]) -> tuple[str, str]:
        """The state of a unit, empty where there is none, and its reason."""
        here = self.units.get(unit)
        if here is not None:
            return here.state.value, here.reason
        gap = self.gap(unit, elsewhere)
        return (UnitState.UNKNOWN.value, gap) if gap else ("", "")


def _line(unit: UnitId, units: Mapping[UnitId, Unit]) -> Iterator[UnitId]:
    """A unit, what makes it, what makes that, and so on."""
    seen: set[UnitId] = set()
    here: UnitId | None = unit
    while here is not None and here not in seen:
        seen.add(here)
        yield here
        found = units.get(here)
        here = found.parent if found else None


def _gap(unit: Unit) -> str:
    """Why the objects of a unit are not known: a suspended one may have failed, too."""
    if unit.failure is None and unit.state in (UnitState.RENDERED, UnitState.SUSPENDED):
        return ""
    state = UnitState.FAILED if unit.state is UnitState.SUSPENDED else unit.state
    return f"{state.value}: {unit.reason}" if unit.reason else state.value
