"""What is asked for: which rules, about which units, on which day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from elysium.check import PROFILES, Selection, registry
from elysium.check.spelling import nearest
from elysium.errors import SettingsError, UsageError
from elysium.model import Render
from elysium.settings import Settings, place_in

__all__ = ["select_rules", "selected", "today"]


def today() -> date:
    """What the age of certificates is counted from; an answer of another day does not count."""
    return datetime.now(tz=UTC).date()


def selected(render: Render, names: Iterable[str]) -> Render:
    """The part of a render that has the named units, all of it when none is named. Raises UsageError for a name that no
    unit has.
    """
    wanted = set(names)
    for name in sorted(wanted - {str(unit.id) for unit in render.units}):
        raise UsageError(f"no unit is named {name}", hint="`elysium check -o json` lists the units")
    units = tuple(unit for unit in render.units if str(unit.id) in wanted)
    return msgspec.structs.replace(render, units=units) if wanted else render


def select_rules(rules: tuple[str, ...], profile: str, settings: Settings, directory: Path) -> Selection:
    """The rules that are asked for, by id or topic, or else those of the profile that the settings name."""
    own = tuple(policy.id for policy in settings.policy)
    if rules or profile or not settings.profile:
        return Selection(rules=registry.expand(rules), profile=profile, own=own)
    if settings.profile not in PROFILES:
        near = nearest(settings.profile, PROFILES)
        hint = f"did you mean {near}?" if near else f"use one of {', '.join(PROFILES)}"
        where = place_in(directory, "profile")
        raise SettingsError(f"there is no profile {settings.profile!r}", subject=where, hint=hint)
    return Selection(profile=settings.profile, own=own)
