"""The items of a plan by phase, owner, section, step or due day, and how far each group is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from elysium.plans.progress.states import combined
from elysium.plans.progress.verification import ItemResult, PartState, Verification
from elysium.plans.results import Result
from elysium.plans.types import Mark, PartKind
from elysium.present.plans_words import part_name

__all__ = ["DIMENSIONS", "Group", "groups", "late_items", "own_items"]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Items that have the same values. `failed` counts among the open; sub-items count with what they are a part of."""

    names: tuple[str, ...]
    state: Mark
    items: tuple[ItemResult, ...]
    done: int = 0
    open: int = 0
    failed: int = 0
    unknown: int = 0
    deferred: int = 0
    overdue: int = 0
    blocked_by: str = ""

    @property
    def total(self) -> int:
        """How many items it has."""
        return self.done + self.open + self.unknown + self.deferred


_VALUES: dict[str, Callable[[ItemResult], str]] = {
    "phase": lambda item: item.phase,
    "section": lambda item: item.section,
    "step": lambda item: item.step,
    "owner": lambda item: item.owner or "unknown",
    "due": lambda item: item.due,
}
_KINDS = {"phase": PartKind.PHASE, "section": PartKind.SECTION, "step": PartKind.STEP}

DIMENSIONS = tuple(_VALUES)
"""What items can be grouped by."""


def groups(found: Verification, by: Sequence[str]) -> tuple[Group, ...]:
    """One group for each combination of values in the order of the plan; days in their own order, none last.

    Grouped by phase, section or step, what stands outside of all of them is left out.
    """
    members: dict[tuple[str, ...], list[ItemResult]] = {}
    for item in found.items:
        values = tuple(_VALUES[name](item) for name in by)
        if not item.parents and all(value or name == "due" for name, value in zip(by, values, strict=True)):
            members.setdefault(values, []).append(item)
    keys = sorted(members, key=lambda key: _order(by, key)) if "due" in by else members
    parts = {(part.kind, part.key or part.number): part for part in reversed(found.parts)}
    late = frozenset(found.overdue)
    return tuple(_group(tuple(zip(by, key, strict=True)), members[key], parts, late) for key in keys)


def late_items(found: Verification) -> tuple[ItemResult, ...]:
    """What is not complete after its day, in the order of the plan."""
    late = frozenset(found.overdue)
    return tuple(item for item in found.items if item.id in late)


def own_items(found: Verification, result: Result) -> tuple[ItemResult, ...]:
    """Items with a result of their own: what is deferred, and what only repeats its sub-items, is left out."""
    inner: dict[str, list[str]] = {}
    for item in found.items:
        if item.parents and item.result is result:
            inner.setdefault(item.parents[-1], []).append(f"{item.id}: ")
    return tuple(
        item
        for item in found.items
        if item.result is result
        and item.state is not Mark.DEFERRED
        and not _repeats(item, tuple(inner.get(item.id, ())))
    )


def _repeats(item: ItemResult, inner: tuple[str, ...]) -> bool:
    return bool(inner) and all(piece.startswith(inner) for piece in item.reason.split("; "))


def _order(by: Sequence[str], values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value or "9999" for name, value in zip(by, values, strict=True) if name == "due")


_Parts = Mapping[tuple[PartKind, str], PartState]


def _group(values: tuple[tuple[str, str], ...], items: list[ItemResult], parts: _Parts, late: frozenset[str]) -> Group:
    states = [item.state for item in items]
    phase = parts.get((PartKind.PHASE, dict(values).get("phase", "")))
    blocked = phase.blocked_by if phase else ""
    state = combined(states)
    return Group(
        names=tuple(_name(dimension, value, parts) for dimension, value in values),
        state=Mark.BLOCKED if blocked and state is not Mark.COMPLETE else state,
        items=tuple(items),
        done=states.count(Mark.COMPLETE),
        open=sum(state in (Mark.PENDING, Mark.PARTIAL, Mark.BLOCKED) for state in states),
        failed=sum(item.result is Result.FAIL and item.state is not Mark.DEFERRED for item in items),
        unknown=states.count(Mark.UNKNOWN),
        deferred=states.count(Mark.DEFERRED),
        overdue=sum(item.id in late for item in items),
        blocked_by=blocked,
    )


def _name(dimension: str, value: str, parts: _Parts) -> str:
    kind = _KINDS.get(dimension)
    part = parts.get((kind, value)) if kind else None
    return part_name(part) if part else value or ("no day" if dimension == "due" else "")
