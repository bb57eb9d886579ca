"""Cron schedules, read as Kubernetes reads them (robfig/cron v3, `ParseStandard`), and when they fire.

Five fields (minute, hour, day of month, month, day of week) or a descriptor (`@daily`, `@every 90m`). Sunday is 0,
there is no 7. A schedule of six fields begins with seconds; CloudNativePG reads those (robfig/cron v1, `Parse`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

__all__ = ["CronError", "Field", "Schedule", "next_time", "parse", "parse_with_seconds"]


class CronError(ValueError):
    """Why a schedule cannot be read."""


class _Bounds(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_SECOND = _Bounds(name="second", low=0, high=59)
_MINUTE = _Bounds(name="minute", low=0, high=59)
_HOUR = _Bounds(name="hour", low=0, high=23)
_DAY = _Bounds(name="day of month", low=1, high=31)
_MONTH = _Bounds(
    name="month",
    low=1,
    high=12,
    names=("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
)
_WEEKDAY = _Bounds(name="day of week", low=0, high=6, names=("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
_STANDARD = (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY)

_DESCRIPTORS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"[-+]?((\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+|[-+]?0")
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST = 2**63 / 1e9
_LEAP_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field: its text, the values that it allows, and whether it is a star for the rule of days.

    The rule of days: where both the day of the month and the day of the week are no star, one of them is enough.
    """

    name: str
    text: str
    values: frozenset[int]
    star: bool


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule: its fields, or the seconds between two runs (`@every`). `second` is there with six fields only."""

    text: str
    second: Field | None = None
    minute: Field | None = None
    hour: Field | None = None
    day: Field | None = None
    month: Field | None = None
    weekday: Field | None = None
    every: int = 0
    zone: str = ""

    @property
    def fires(self) -> bool:
        """Whether there is a day on which it fires."""
        if self.day is None or self.month is None or self.weekday is None or not self.weekday.star:
            return True
        return any(min(self.day.values) <= _LEAP_DAYS[month - 1] for month in self.month.values)

    def on_day(self, moment: datetime) -> bool:
        """Whether it fires on a day."""
        if self.day is None or self.month is None or self.weekday is None:
            return True
        if moment.month not in self.month.values:
            return False
        in_month = moment.day in self.day.values
        in_week = moment.isoweekday() % 7 in self.weekday.values
        return in_month and in_week if self.day.star or self.weekday.star else in_month or in_week


def parse(text: str) -> Schedule:
    """A schedule of five fields, or a descriptor. Raises CronError with the reason."""
    zone, text = _zone(text)
    if text.startswith("@"):
        return msgspec.structs.replace(_descriptor(text), zone=zone)
    parts = text.split()
    if len(parts) != len(_STANDARD):
        raise CronError(f"expected exactly 5 fields, found {len(parts)}")
    return _schedule(text, [_field(part, bounds) for part, bounds in zip(parts, _STANDARD, strict=True)], zone)


def parse_with_seconds(text: str) -> Schedule:
    """A schedule that begins with seconds; the day of the week may be left out. Raises CronError with the reason."""
    zone, text = _zone(text)
    if text.startswith("@"):
        return msgspec.structs.replace(_descriptor(text), zone=zone)
    parts = text.split()
    if len(parts) not in (5, 6):
        raise CronError(f"expected 5 to 6 fields, found {len(parts)}")
    parts += ["*"] * (6 - len(parts))
    second, *others = (_field(part, bounds) for part, bounds in zip(parts, (_SECOND, *_STANDARD), strict=True))
    return msgspec.structs.replace(_schedule(text, others, zone), second=second)


def next_time(schedule: Schedule, after: datetime) -> datetime | None:
    """The first time after a moment, in the moment's own time zone; None when there is none within five years."""
    if schedule.every:
        return after.replace(microsecond=0) + timedelta(seconds=schedule.every)
    if schedule.minute is None or schedule.hour is None:
        return None
    seconds = schedule.second.values if schedule.second else frozenset({0})
    start = after.replace(microsecond=0) + timedelta(seconds=1)
    midnight = start.replace(hour=0, minute=0, second=0)
    for days in range(5 * 366):
        day = midnight + timedelta(days=days)
        if not schedule.on_day(day):
            continue
        for moment in _moments(day, schedule.hour.values, schedule.minute.values, seconds):
            if moment >= start:
                return moment
    return None


def _moments(
    day: datetime, hours: frozenset[int], minutes: frozenset[int], seconds: frozenset[int]
) -> Iterator[datetime]:
    for hour in sorted(hours):
        for minute in sorted(minutes):
            for second in sorted(seconds):
                yield day.replace(hour=hour, minute=minute, second=second)


def _zone(text: str) -> tuple[str, str]:
    """`TZ=` and `CRON_TZ=` stand before a schedule; the API server refuses them, other controllers read them."""
    if not text.strip():
        raise CronError("empty schedule")
    if not text.startswith(("TZ=", "CRON_TZ=")):
        return "", text
    zone, blank, rest = text.partition(" ")
    if not blank:
        raise CronError("there is no schedule after the time zone")
    return zone.partition("=")[2], rest.strip()


def _descriptor(text: str) -> Schedule:
    if text in _DESCRIPTORS:
        return msgspec.structs.replace(parse(_DESCRIPTORS[text]), text=text)
    if text.startswith("@every "):
        duration = text.removeprefix("@every ")
        if not _DURATION.fullmatch(duration):
            raise CronError(f"failed to parse the duration {duration!r}")
        total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(duration))
        if total > _LONGEST:
            raise CronError(f"the duration {duration!r} is too long")
        return Schedule(text=text, every=max(1, int(-total if duration.startswith("-") else total)))
    raise CronError(f"unrecognized descriptor {text!r}")


def _schedule(text: str, fields: list[Field], zone: str) -> Schedule:
    minute, hour, day, month, weekday = fields
    return Schedule(text=text, minute=minute, hour=hour, day=day, month=month, weekday=weekday, zone=zone)


def _field(text: str, bounds: _Bounds) -> Field:
    values: set[int] = set()
    star = False
    for part in filter(None, text.split(",")):
        found, is_star = _range(part, bounds)
        values |= found
        star = star or is_star
    if not values:
        raise CronError(f"the {bounds.name} is empty: {text}")
    return Field(name=bounds.name, text=text, values=frozenset(values), star=star)


def _range(text: str, bounds: _Bounds) -> tuple[set[int], bool]:
    given, *steps = text.split("/")
    if len(steps) > 1:
        raise CronError(f"too many slashes in the {bounds.name}: {text}")
    low, *rest = given.split("-")
    star = low in ("*", "?")
    if len(rest) > 1 and not star:
        raise CronError(f"too many hyphens in the {bounds.name}: {text}")
    start = bounds.low if star else _number(low, bounds, text)
    end = bounds.high if star else _number(rest[0], bounds, text) if rest else start
    step = 1
    if steps:
        step = _integer(steps[0], bounds, text)
        end = bounds.high if not rest else end
    _check(start, end, step, bounds, text)
    return set(range(start, end + 1, step)), star and step == 1


def _check(start: int, end: int, step: int, bounds: _Bounds, text: str) -> None:
    if start < bounds.low:
        raise CronError(f"the {bounds.name} {start} is below {bounds.low}: {text}")
    if end > bounds.high:
        raise CronError(f"the {bounds.name} {end} is above {bounds.high}: {text}")
    if start > end:
        raise CronError(f"the {bounds.name} begins at {start} and ends at {end}: {text}")
    if step == 0:
        raise CronError(f"the step of the {bounds.name} must be positive: {text}")


def _number(text: str, bounds: _Bounds, whole: str) -> int:
    if text.lower() in bounds.names:
        return bounds.low + bounds.names.index(text.lower())
    return _integer(text, bounds, whole)


def _integer(text: str, bounds: _Bounds, whole: str) -> int:
    if not re.fullmatch(r"\+?[0-9]{1,9}", text):
        raise CronError(f"{text!r} is no number, in the {bounds.name}: {whole}")
    return int(text)
