"""A cron schedule that fires, but hardly as it was meant.

- `* 3 * * *` is not "at three", but every minute from 3:00 to 3:59.
- `0 0 1-7 * 1` is not "the first Monday": where both the day of the month and the day of the week are given, either is
  enough (crontab(5), and robfig/cron, which Kubernetes uses).
- A step counts within its field and begins anew: `*/45 * * * *` fires at 0 and 45, so after 45 and after 15 minutes;
  `*/90 * * * *` fires once an hour.
- CloudNativePG reads the first of the fields as seconds, so `0 3 * * *` is every hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.cron import Field, Schedule
from elysium.evaluate.schedules import timetables
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="cron-meaning",
    severity=Severity.WARNING,
    summary="a cron schedule that fires otherwise than it reads",
    topic=Topic.SCHEMA,
)

_STEP = re.compile(r"(?:\*|\?)/([0-9]+)")
_SIZES = {"minute": 60, "hour": 24, "month": 12}
_FIELDS_WITHOUT_WEEKDAY = 5


def check(context: Context) -> Iterator[Finding]:
    """One finding for each schedule, with the most telling reason."""
    for index in context.objects.values():
        for found in timetables(index):
            schedule = found.schedule
            doubt = _doubt(schedule, found.has_seconds) if schedule else None
            if doubt:
                severity, meaning, hint = doubt
                at = in_object(context, found.item, found.path)
                message = f"{found.item}: the schedule {found.text!r} {meaning}"
                yield about_object(RULE, found.item, at, message, hint=hint, severity=severity)


def _doubt(schedule: Schedule, has_seconds: bool) -> tuple[Severity, str, str] | None:
    minute, hour, day, weekday = schedule.minute, schedule.hour, schedule.day, schedule.weekday
    if not (minute and hour and day and schedule.month and weekday):
        return None
    if has_seconds and len(schedule.text.split()) == _FIELDS_WITHOUT_WEEKDAY and not minute.star:
        meaning = "begins with seconds: its second field is the minute, its third the hour"
        return Severity.WARNING, meaning, f"write six fields: 0 {schedule.text}"
    if minute.star and not hour.star and "-" not in hour.text:
        hint = f"write a minute: 0 {hour.text} …"
        return Severity.WARNING, f"fires every minute of the hour {hour.text}", hint
    if not day.star and not weekday.star:
        meaning = f"fires on the days {day.text} of the month and also on the days {weekday.text} of the week"
        return Severity.WARNING, meaning, "give one of both, and let the program look at the other"
    return next((doubt for field in (minute, hour, schedule.month) if (doubt := _step_doubt(field))), None)


def _step_doubt(field: Field) -> tuple[Severity, str, str] | None:
    match = _STEP.fullmatch(field.text)
    step, size = int(match[1]) if match else 1, _SIZES[field.name]
    if step * 2 <= size:
        return None
    first, *others = sorted(field.values)
    if step == size:
        return (
            Severity.INFO,
            f"has a step as long as its {field.name}s: it is {first}",
            f"write {first} for {field.text}",
        )
    if not others:
        meaning = (
            f"has a step longer than its {field.name}s, which begin anew: it fires whenever the {field.name} is {first}"
        )
        return (
            Severity.WARNING,
            meaning,
            "a step counts within its field; schedule it more often and let the program skip",
        )
    meaning = f"fires at the {field.name}s {first} and {others[0]}: after {step} and then after {size - step}"
    return Severity.WARNING, meaning, f"a step that divides {size} is even"
