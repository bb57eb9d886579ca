"""What is unknown offline, folded by the reason and by what would make it known."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from elysium.model import Unit, UnitId, UnitState

__all__ = ["Unknown", "fold_unknowns"]


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """Units that are unknown for the same reason, and that the same remedy would make known."""

    remedy: str
    reason: str
    units: tuple[UnitId, ...]
    followers: int = 0


def fold_unknowns(units: Iterable[Unit]) -> tuple[Unknown, ...]:
    """Unknown units by reason and remedy, in order; those that only wait for another one are counted with it."""
    found: dict[tuple[str, str], list[Unit]] = {}
    waiting: dict[UnitId, int] = {}
    for unit in units:
        if unit.state is not UnitState.UNKNOWN or unit.failure is None:
            continue
        if unit.failure.cause:
            waiting[unit.failure.cause] = waiting.get(unit.failure.cause, 0) + 1
            continue
        remedy = unit.failure.need.remedy if unit.failure.need else unit.failure.hint
        found.setdefault((remedy, unit.reason), []).append(unit)
    return tuple(
        Unknown(
            remedy=remedy,
            reason=reason,
            units=tuple(unit.id for unit in members),
            followers=sum(waiting.get(unit.id, 0) for unit in members),
        )
        for (remedy, reason), members in found.items()
    )
