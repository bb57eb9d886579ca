"""When something runs again and again."""

from __future__ import annotations

from elysium.evaluate import cron
from elysium.evaluate.schedules import Timetable, timetables
from elysium.plans.checks import rendered
from elysium.plans.checks.arguments import amount, namespaced
from elysium.plans.checks.objects import missing
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed, unknown
from elysium.plans.world import World
from elysium.sources.matching import is_glob, matches

__all__ = ["VERBS"]

_WORDS = {
    (True, True, 12, True): "hourly",
    (False, True, 12, True): "daily",
    (False, True, 12, False): "weekly",
    (False, False, 12, True): "monthly",
    (False, False, 4, True): "quarterly",
    (False, False, 1, True): "yearly",
}
"""Whether it runs in every hour and on every day, in how many months, and on every day of the week."""
_OFTEN = tuple(_WORDS.values())


def _refuse_schedule(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1, 2) or namespaced(words[0])
    if wrong or len(words) < 2 or words[1] in _OFTEN:
        return wrong
    try:
        cron.parse(words[1])
    except cron.CronError as error:
        return f"{words[1]!r} is neither a schedule ({error}) nor one of {', '.join(_OFTEN)}"
    return ""


def _schedule(words: tuple[str, ...], world: World) -> Outcome:
    namespace, _, name = words[0].partition("/")
    found = [
        table
        for table in timetables(world.index())
        if matches(namespace, table.item.namespace) and matches(name, table.item.name)
    ]
    if not found:
        return missing(world, f"*/{namespace}/{name}")
    for table in found:
        if table.schedule is None:
            return failed(f"{table.item.id}: {table.problem}", **rendered.place(table.item))
        if words[1:] and not _is(table, words[1]):
            return failed(f"{table.item.id} runs at {table.text}, not {words[1]}", **rendered.place(table.item))
    reason = rendered.hidden_by(world, f"*/{words[0]}", failed=True) if is_glob(words[0]) else ""
    if reason:
        return unknown(f"{len(found)} known ones of {words[0]} run so; {reason}")
    return passed(f"{found[0].item.id} runs at {found[0].text}", **rendered.place(found[0].item))


def _is(table: Timetable, wanted: str) -> bool:
    schedule = table.schedule
    if schedule is None:
        return False
    if wanted in _OFTEN:
        return _often(schedule) == wanted
    other = cron.parse(wanted)
    fields = ("minute", "hour", "day", "month", "weekday")
    same = all(_values(schedule, field) == _values(other, field) for field in fields)
    return same and schedule.every == other.every


def _often(schedule: cron.Schedule) -> str:
    """How often a schedule fires, in a word; empty for what is none of them."""
    if schedule.every:
        return {3600: "hourly", 86400: "daily", 604800: "weekly"}.get(schedule.every, "")
    minute, hour, day, month, weekday = (
        len(_values(schedule, field)) for field in ("minute", "hour", "day", "month", "weekday")
    )
    if minute > 1 or not minute:
        return ""
    every = (hour == 24, day == 31, month, weekday == 7)
    return _WORDS.get(every, "") if hour in (1, 24) and (day in (1, 31)) and weekday in (1, 7) else ""


def _values(schedule: cron.Schedule, name: str) -> frozenset[int]:
    field: cron.Field | None = getattr(schedule, name)
    return field.values if field else frozenset()


VERBS = (
    Verb(
        name="schedule",
        usage="schedule NAMESPACE/NAME [CRON|hourly|daily|weekly|monthly|quarterly|yearly]",
        summary="A CronJob, a backup or the like runs at these times, or that often.",
        example="schedule postgresql/postgresql-backup daily",
        refuse=_refuse_schedule,
        run=_schedule,
    ),
)
