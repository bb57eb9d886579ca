"""A cron schedule that can be read and never fires: no month of it has the day that it names (30 February).

Where a day of the week is given, too, either of both is enough, so it does fire.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.schedules import timetables
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="cron-never",
    severity=Severity.ERROR,
    summary="a cron schedule that never fires",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each schedule."""
    for index in context.objects.values():
        for found in timetables(index):
            schedule = found.schedule
            if schedule and schedule.day and schedule.month and not schedule.fires:
                at = in_object(context, found.item, found.path)
                message = (
                    f"{found.item}: the schedule {found.text!r} never fires: "
                    f"no month of {schedule.month.text!r} has a day of {schedule.day.text!r}"
                )
                yield about_object(RULE, found.item, at, message, hint="name a day that the months have")
