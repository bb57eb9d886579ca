"""A time zone that is none.

`spec.timeZone` of a CronJob must be a name of the IANA time zone database (`Europe/Berlin`, `Etc/UTC`), in its own
capitals; the API server refuses others, `Local` and the empty text. The Flux Operator reads `timeZone` beside `cron` in
the same way.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from functools import cache

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.check.spelling import nearest
from elysium.evaluate.schedules import timetables
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="cron-time-zone",
    severity=Severity.ERROR,
    summary="a time zone that the time zone database does not have",
    topic=Topic.SCHEMA,
    profiles=("default", "pre-commit"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each time zone."""
    for index in context.objects.values():
        for found in timetables(index):
            if found.zone is None or found.zone in _zones() or (not found.zone and not found.is_cron_job):
                continue
            at = in_object(context, found.item, found.zone_path)
            message = f"{found.item}: there is no time zone {found.zone!r}"
            yield about_object(RULE, found.item, at, message, hint=_hint(found.zone))


@cache
def _zones() -> frozenset[str]:
    """The names, from the system and from the package `tzdata`, which also has those that systems leave out."""
    return frozenset(zoneinfo.available_timezones())


def _hint(zone: str) -> str:
    by_letters = {name.lower(): name for name in _zones()}
    near = by_letters.get(zone.lower().replace(" ", "_")) or nearest(zone, _zones())
    return f"did you mean {near}?" if near else "use a name such as Europe/Berlin or Etc/UTC"
