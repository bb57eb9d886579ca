"""The shared checklist of a project: everything that is to do, by owner and by day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from elysium.kit.terminal import visible
from elysium.plans.exporting.entries import Entry, entries
from elysium.plans.exporting.tasks import box, one_line
from elysium.plans.types import Mark, Plan

__all__ = ["checklist"]

_NO_DAY = "9999"


def checklist(plan: Plan, today: datetime.date, states: Mapping[str, Mark] | None = None) -> str:
    """Markdown with a heading per owner and the items below by due day; what is deferred stands apart."""
    found = entries(plan, states)
    owners = dict.fromkeys(entry.owner for entry in found)
    lines = [f"# Checklist: {plan.title or plan.name or 'plan'}", ""]
    for owner in owners:
        mine = [entry for entry in found if entry.owner == owner]
        open_ = sorted((entry for entry in mine if not _deferred(entry)), key=lambda entry: entry.due or _NO_DAY)
        lines += [f"## {owner}", "", *(_line(entry, today, states or {}) for entry in open_)]
        lines += ["", *_later([entry for entry in mine if _deferred(entry)])]
    return visible("\n".join(lines)).rstrip() + "\n"


def _deferred(entry: Entry) -> bool:
    return bool(entry.item.deferred) or entry.state is Mark.DEFERRED


def _line(entry: Entry, today: datetime.date, states: Mapping[str, Mark]) -> str:
    late = entry.due and entry.due < today.isoformat() and not entry.done
    day = f"{entry.due}{' **overdue**' if late else ''} · " if entry.due else ""
    place = " · ".join(filter(None, (entry.phase, entry.step, f"`{entry.item.id}`")))
    return f"- {box(entry.item, states)} {day}{one_line(entry.item)} ({place})"


def _later(deferred: list[Entry]) -> Iterator[str]:
    if not deferred:
        return
    yield "Deferred:"
    yield ""
    for entry in deferred:
        trigger = f": until {entry.item.deferred}" if entry.item.deferred else ""
        yield f"- {one_line(entry.item)} (`{entry.item.id}`){trigger}"
    yield ""
