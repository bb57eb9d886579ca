"""Cron schedules as Kubernetes reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elysium.evaluate.cron import CronError, Schedule, next_time, parse, parse_with_seconds

START = datetime(2026, 11, 21, 17, 30)  # a Saturday

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * *", datetime(2026, 11, 21, 17, 31)),
        ("0 3 * * *", datetime(2026, 11, 22, 3)),
        ("30 17 * * *", datetime(2026, 11, 22, 17, 30)),
        ("*/20 * * * *", datetime(2026, 11, 21, 17, 40)),
        ("5/20 * * * *", datetime(2026, 11, 21, 17, 45)),
        ("0 8-10/2 * * *", datetime(2026, 11, 22, 8)),
        ("0 0 1 JAN *", datetime(2027, 1, 1)),
        ("0 0 * * Mon-Fri", datetime(2026, 11, 23)),
        ("0 0 29 2 *", datetime(2028, 2, 29)),
        ("0 0 1 * 1", datetime(2026, 11, 23)),
        ("0 0 */5 * 0", datetime(2026, 11, 22)),
        ("0 0 ? * ?", datetime(2026, 11, 22)),
        ("0 */48 * * *", datetime(2026, 11, 22)),
        ("0,,30 * * * *", datetime(2026, 11, 21, 18)),
        ("@daily", datetime(2026, 11, 22)),
        ("@weekly", datetime(2026, 11, 22)),
        ("@yearly", datetime(2027, 1, 1)),
        ("@every 90m", datetime(2026, 11, 21, 19)),
        ("@every 1h0.5m", datetime(2026, 11, 21, 18, 30, 30)),
        ("@every 1ms", datetime(2026, 11, 21, 17, 30, 1)),
        ("CRON_TZ=Europe/Berlin 0 3 * * *", datetime(2026, 11, 22, 3)),
    ],
)
def test_next_time(text: str, expected: datetime) -> None:
    assert next_time(parse(text), START) == expected


@pytest.mark.parametrize("text", ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30-31 feb ?"])
def test_a_day_that_no_month_has_never_comes(text: str) -> None:
    assert not parse(text).fires
    assert next_time(parse(text), START) is None


def test_a_day_of_the_week_is_enough() -> None:
    assert parse("0 0 30 2 1").fires


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("0 3 * *", "expected exactly 5 fields, found 4"),
        ("0 0 3 * * *", "expected exactly 5 fields, found 6"),
        ("60 * * * *", "the minute 60 is above 59"),
        ("* 24 * * *", "the hour 24 is above 23"),
        ("* * 0 * *", "the day of month 0 is below 1"),
        ("* * * 13 *", "the month 13 is above 12"),
        ("* * * * 7", "the day of week 7 is above 6"),
        ("* * * * 5-1", "begins at 5 and ends at 1"),
        ("* * * * 1-3-5", "too many hyphens"),
        ("*/5/2 * * * *", "too many slashes"),
        ("*/0 * * * *", "must be positive"),
        ("*/x * * * *", "'x' is no number"),
        ("-5 * * * *", "'' is no number"),
        ("* * * monday *", "'monday' is no number"),
        (", * * * *", "the minute is empty"),
        ("@fortnightly", "unrecognized descriptor"),
        ("@Daily", "unrecognized descriptor"),
        ("@every 5", "failed to parse the duration"),
        ("@every 1d", "failed to parse the duration"),
        ("TZ=UTC", "no schedule after the time zone"),
        ("L * * * *", "'L' is no number"),
        ("0 0 1W * *", "'1W' is no number"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(CronError) as caught:
        parse(text)
    assert reason in str(caught.value)


def test_six_fields_begin_with_seconds() -> None:
    assert next_time(parse_with_seconds("30 0 3 * * *"), START) == datetime(2026, 11, 22, 3, 0, 30)
    assert next_time(parse_with_seconds("0 0 0 * *"), START) == datetime(2026, 11, 22)
    assert next_time(parse_with_seconds("0 0 * * *"), START) == datetime(2026, 11, 21, 18)
    with pytest.raises(CronError, match="expected 5 to 6 fields, found 4"):
        parse_with_seconds("0 3 * *")


@st.composite
def fields(draw: st.DrawFn, low: int, high: int) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(low, high))
        end = draw(st.integers(start, high))
        base = draw(st.sampled_from(["*", str(start), f"{start}-{end}"]))
        step = draw(st.none() | st.integers(1, high))
        parts.append(base if step is None else f"{base}/{step}")
    return ",".join(parts)


schedules = st.tuples(*(fields(low, high) for low, high in BOUNDS)).map(" ".join)
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1))


def matches(schedule: Schedule, moment: datetime) -> bool:
    assert schedule.minute is not None
    assert schedule.hour is not None
    in_time = moment.minute in schedule.minute.values and moment.hour in schedule.hour.values
    return in_time and moment.second == 0 and schedule.on_day(moment)


@given(schedules, moments)
def test_the_next_time_is_later_and_matches_and_none_lies_between(text: str, moment: datetime) -> None:
    schedule = parse(text)
    found = next_time(schedule, moment)
    if found is None:
        # A leap day may be eight years away, all others come within five.
        assert not schedule.fires or (schedule.month and schedule.month.values == {2})
        return
    assert schedule.fires
    assert found > moment
    assert matches(schedule, found)
    earlier = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(50):
        if earlier >= found:
            break
        assert not matches(schedule, earlier)
        earlier += timedelta(minutes=1)


@given(st.text(alphabet="0123456789*/-,@ ?LWTZ=evrymonJAN", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse, parse_with_seconds):
        try:
            schedule = read(text)
        except CronError:
            continue
        found = next_time(schedule, START)
        assert found is None or found > START
