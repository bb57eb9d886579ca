"""Dates that a plan lives by."""

from __future__ import annotations

import datetime

from elysium.plans.checks.arguments import amount
from elysium.plans.checks.verb import Verb
from elysium.plans.results import Outcome, failed, passed
from elysium.plans.world import World

__all__ = ["VERBS"]


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _refuse(words: tuple[str, ...]) -> str:
    wrong = amount(words, 1, 1)
    return wrong or ("" if _date(words[0]) and "-" in words[0] else f"{words[0]!r} is no date, such as 2027-01-31")


def _run(words: tuple[str, ...], world: World) -> Outcome:
    last = _date(words[0]) or world.today
    left = (last - world.today).days
    if left < 0:
        return failed(f"{words[0]} was {-left} days ago")
    return passed(f"{words[0]} is in {left} days" if left else f"{words[0]} is today")


VERBS = (
    Verb(
        name="date-not-past",
        usage="date-not-past YYYY-MM-DD",
        summary="The day has not passed yet; on the day itself it has not.",
        example="date-not-past 2027-01-31",
        refuse=_refuse,
        run=_run,
    ),
)
