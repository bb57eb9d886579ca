"""A cron schedule that its controller cannot read.

The API server parses the schedule of a CronJob with robfig/cron (`ParseStandard`) and refuses the object if that fails:
exactly five fields, Sunday is 0 and not 7, no `L`, `W` or `#`, and no `TZ=` (there is `spec.timeZone`). Velero,
VolSync, Longhorn and the Flux Operator read the same language when they reconcile; CloudNativePG has six fields, the
first of them seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.evaluate.schedules import Timetable, timetables
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="cron-syntax",
    severity=Severity.ERROR,
    summary="a cron schedule that cannot be read",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each schedule."""
    for index in context.objects.values():
        for found in timetables(index):
            problem, hint = _problem(found)
            if problem:
                at = in_object(context, found.item, found.path)
                message = f"{found.item}: the schedule {found.text!r} cannot be read: {problem}"
                yield about_object(RULE, found.item, at, message, hint=hint)


def _problem(found: Timetable) -> tuple[str, str]:
    if found.is_cron_job and "TZ" in found.text:
        return "TZ and CRON_TZ are not allowed in it", "write the time zone in spec.timeZone"
    if found.has_seconds:
        return found.problem, "write second, minute, hour, day of month, month, day of week: 0 0 3 * * *"
    return found.problem, "write minute, hour, day of month, month, day of week: 0 3 * * *"
