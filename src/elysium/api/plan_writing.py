"""What is written from the computed state of a plan: marks, a calendar, the change log of finished phases."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from elysium.api.selecting import today
from elysium.errors import PlanError, UsageError
from elysium.kit.files import read_regular, write_atomically
from elysium.plans.exporting import archive, calendar
from elysium.plans.exporting.fixing import fix_marks
from elysium.plans.progress.verification import Verification
from elysium.plans.registers.changes import with_change
from elysium.plans.types import Mark, PartKind, Plan

__all__ = ["archive_done", "calendar_of", "with_fixed_marks"]

_LOG = "CHANGES.md"
_LARGEST = 4 << 20


def calendar_of(plan: Plan, found: Verification) -> str:
    """The due dates of what is not complete, as iCalendar."""
    states = {item.id: item.state for item in found.items}
    return calendar(plan, datetime.datetime.now(datetime.UTC), states)


def with_fixed_marks(plan: Plan, found: Verification) -> str:
    """The text of the plan with the computed marks. Raises UsageError for standard input, which cannot be written."""
    if plan.path in ("", "-"):
        raise UsageError("standard input cannot be written", hint="name the plan's file")
    return fix_marks(plan, found)


def archive_done(plan: Plan, found: Verification, change_log: str = "") -> tuple[str, ...]:
    """Move finished phases from the plan's file to the change log; the labels of those that moved.

    The log is written first: whatever happens then, no phase is lost.
    """
    if plan.path in ("", "-"):
        raise UsageError("standard input cannot be written", hint="name the plan's file")
    done = {part.line for part in found.parts if part.kind is PartKind.PHASE and part.state is Mark.COMPLETE}
    moved = archive(plan, done, today())
    if not moved.phases:
        return ()
    log = Path(change_log) if change_log else Path(plan.path).with_name(_LOG)
    if read_regular(Path(plan.path), _LARGEST) != plan.text.encode():
        raise PlanError("somebody has changed the plan meanwhile", subject=plan.path, hint="run this again")
    try:
        before = _read(log) if os.path.lexists(log) else ""
        write_atomically(log, with_change(before, moved.entry).encode(), 0o644)
        write_atomically(Path(plan.path), moved.plan.encode(), 0o644)
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError("the change log cannot be written", subject=str(log), hint="name another file") from error
    return moved.phases


def _read(log: Path) -> str:
    data = read_regular(log, _LARGEST)
    if len(data) > _LARGEST:
        raise PlanError("the change log is longer than 4 MiB", subject=str(log), hint="begin another one")
    return data.decode("utf-8")
