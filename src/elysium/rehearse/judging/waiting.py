"""Units that can never become ready, and the deadlock behind each.

A unit waits for others (`dependsOn`, or the unit that creates it), for its own objects (`wait`, `healthChecks`), or for
an object that the server misses and that another unit makes. Where these ways lead back to where they began nothing
moves any more; where they end is the reason for all who wait behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from elysium.evaluate import GROUPS
from elysium.model import ObjectId, UnitId
from elysium.rehearse.judging.needs import needed
from elysium.rehearse.judging.ways import Way, Ways, circles, path_to
from elysium.rehearse.judging.world import Places
from elysium.rehearse.types import Phase, WorkloadState, WorkloadVerdict

__all__ = ["Awaited", "Waiting", "stuck"]


_MISSING = "NotFound"


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """An object that a unit waits for: its readiness as kstatus names it, and why it is not Current."""

    object: ObjectId
    status: str = ""
    message: str = ""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that is not ready when nothing moves any more.

    `on_units` are the dependencies that are not ready, `on_objects` the objects that it waits for. `refused`: the
    server refuses it, with `reason`; `whole`: none of its objects is refused, but it cannot go on. `parent` is the unit
    that would create it, when that did not happen.
    """

    unit: UnitId
    on_units: tuple[UnitId, ...] = ()
    on_objects: tuple[Awaited, ...] = ()
    refused: bool = False
    whole: bool = False
    parent: UnitId | None = None
    reason: str = ""


def stuck(
    waiting: Mapping[UnitId, Waiting],
    phase: Phase,
    places: Places,
    *,
    suspended: frozenset[UnitId] = frozenset(),
    troubles: Sequence[WorkloadVerdict] = (),
) -> tuple[WorkloadVerdict, ...]:
    """One verdict for each unit that waits. Only where the trouble begins is it explained; who waits behind names that.

    A unit that is only refused has none: its objects have theirs.

    A dependency that is neither waiting nor `suspended` does not exist. `troubles` are the verdicts on workloads, which
    say more than an object's readiness does.
    """
    told = {item.object: item.message for item in troubles if item.message}
    case = _Case(waiting, places, suspended, told)
    told_elsewhere = {
        unit for unit, item in waiting.items() if item.refused and not item.whole and unit not in case.circles
    }
    return tuple(_verdict(case, unit, phase) for unit in sorted(waiting) if unit not in told_elsewhere)


class _Case:
    """All that wait, with the ways from each to those that it waits for."""

    def __init__(
        self,
        waiting: Mapping[UnitId, Waiting],
        places: Places,
        suspended: frozenset[UnitId],
        told: Mapping[ObjectId, str],
    ) -> None:
        self.waiting, self.places, self.suspended, self.told = waiting, places, suspended, told
        self.ways = {unit: self._ways(item) for unit, item in waiting.items()}
        self.circles = circles(self.ways)
        self.roots = {unit for unit, item in waiting.items() if unit in self.circles or _own_reason(self, item)}

    def _ways(self, item: Waiting) -> tuple[Way, ...]:
        found = [Way(to=other, text=f"waits for {other}") for other in item.on_units if other in self.waiting]
        if item.parent is not None and item.parent in self.waiting:
            found.append(Way(to=item.parent, text=f"is created by {item.parent}"))
        return (*found, *self._needs(item))

    def _needs(self, item: Waiting) -> Iterable[Way]:
        """The ways to units that make what the server misses."""
        refusals = [(item.reason, "", "is refused")] if item.refused else []
        objects = [
            (self.message(other), other.object.namespace, f"waits for {other.object}") for other in item.on_objects
        ]
        for other in item.on_objects:
            maker = self._maker(other)
            if maker is not None and maker in self.waiting and maker != item.unit:
                yield Way(to=maker, text=f"waits for {other.object}, which comes with {maker}", need=True)
        for message, namespace, does in (*refusals, *objects):
            need = needed(message, namespace, self.places)
            if need is not None and need[1] in self.waiting and need[1] != item.unit:
                yield Way(to=need[1], text=f"{does} ({message}), and {need[0]} comes with {need[1]}", need=True)

    def _maker(self, awaited: Awaited) -> UnitId | None:
        """The unit that makes an object that is not there, as the source of a substitution or of values may be."""
        place = self.places.get(awaited.object) if awaited.status == _MISSING else None
        return place.unit if place else None

    def message(self, awaited: Awaited) -> str:
        told = self.told.get(awaited.object) or awaited.message
        return told or ("it is not there" if awaited.status == _MISSING else awaited.status)


def _verdict(case: _Case, unit: UnitId, phase: Phase) -> WorkloadVerdict:
    message, hint = _explained(case, unit)
    identity = ObjectId(GROUPS[unit.kind], unit.kind.value, unit.namespace, unit.name)
    place = case.places.get(identity)
    return WorkloadVerdict(
        phase=phase,
        object=identity,
        state=WorkloadState.NEVER_READY,
        unit=unit,
        message=message,
        hint=hint,
        file=place.file if place else "",
        line=place.line if place else 0,
    )


def _explained(case: _Case, unit: UnitId) -> tuple[str, str]:
    ring = case.circles.get(unit)
    if ring:
        return _in_circle(case, unit, ring)
    own = _own_reason(case, case.waiting[unit])
    if own:
        return f"{unit} {own[0]}", own[1]
    return _behind(case, unit)


def _in_circle(case: _Case, unit: UnitId, ring: tuple[UnitId, ...]) -> tuple[str, str]:
    """The least of a circle tells it; one that misses an object before those that only depend."""
    first = min(ring, key=lambda item: (not any(way.need for way in case.ways[item]), item))
    if unit != first:
        return (
            f"{unit} is in the deadlock of {first}: {_chain(path_to({first}, unit, case.ways))}",
            f"mend {first} first",
        )
    steps = _round(first, case.ways)
    needs = any(way.need for way in steps)
    hint = (
        "move that object to the unit that waits for it, or to one before it, or do not let the other depend on it"
        if needs
        else "remove one of these dependencies"
    )
    return f"{first} {_chain(steps)}: a deadlock", hint


def _round(unit: UnitId, ways: Ways) -> tuple[Way, ...]:
    """The shortest way from a unit back to itself, through what it misses where there is such a one."""
    rounds = [(way, *path_to({unit}, way.to, ways)) for way in ways[unit]]
    closed = [steps for steps in rounds if steps[-1].to == unit]
    return min(closed, key=lambda steps: (not steps[0].need, len(steps), steps[0].to))


def _chain(steps: Iterable[Way]) -> str:
    return ", which ".join(step.text for step in steps)


def _own_reason(case: _Case, item: Waiting) -> tuple[str, str] | None:
    """Why a unit itself is where the trouble begins."""
    if item.refused:
        return f"{'cannot be applied' if item.whole else 'is refused'}: {item.reason}", ""
    gone = [other for other in item.on_units if other not in case.waiting]
    paused = next((other for other in gone if other in case.suspended), None)
    if paused is not None:
        return f"waits for {paused}, which is suspended", f"resume {paused}, or do not depend on it"
    if gone:
        return (
            f"depends on {gone[0]}, which does not exist",
            "correct the name and namespace in dependsOn, or remove it",
        )
    if item.on_objects:
        shown = "; ".join(f"{other.object}: {case.message(other)}" for other in item.on_objects[:3])
        more = f"; and {len(item.on_objects) - 3} more" if len(item.on_objects) > 3 else ""
        return f"waits for {shown}{more}", ""
    if item.parent is not None and item.parent not in case.waiting:
        return f"is never created by {item.parent}", ""
    return None if case.ways[item.unit] else (item.reason or "is not ready", "")


def _behind(case: _Case, unit: UnitId) -> tuple[str, str]:
    """A unit that only waits for others: the way to where the trouble begins."""
    steps = path_to(case.roots, unit, case.ways)
    root = steps[-1].to
    end = "is refused" if case.waiting[root].refused else "never becomes ready"
    return f"{unit} {_chain(steps)}, which {end}", f"mend {root} first"
