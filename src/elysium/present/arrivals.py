"""How long a push takes, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from elysium.kit import durations
from elysium.present.records import FORMAT
from elysium.resolve import Arrival

__all__ = ["describe_arrivals", "late"]


def describe_arrivals(arrivals: Sequence[Arrival], goal: int, form: str) -> str:
    """Every unit with its time and what it is made of, as `text` or `json`."""
    if form == "json":
        record = {"version": FORMAT, "goal": goal, "units": arrivals, "late": late(arrivals, goal)}
        return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"
    lines: list[str] = []
    cluster = None
    for item in arrivals:
        if item.cluster != cluster:
            cluster = item.cluster
            lines.append(cluster or ".")
        lines.append(f"  {_time(item):>7}  {item.unit}")
        if item.seconds is None:
            lines.append(f"           {item.reason}")
        for step in item.steps:
            lines.append(f"           {durations.written(step.seconds)}: {step.what}")
        for step in item.ready:
            lines.append(f"           and until {step.what}, at most {durations.written(step.seconds)}")
    return "\n".join(lines) + "\n" if lines else "nothing is applied\n"


def late(arrivals: Sequence[Arrival], goal: int) -> list[str]:
    """A sentence for each unit that may be applied later than the goal, or nobody knows when."""
    found = []
    for item in arrivals:
        if item.seconds is None:
            found.append(f"{item.unit}: unknown, {item.reason}")
        elif item.seconds > goal:
            worst = durations.written(item.seconds)
            found.append(f"{item.unit} is applied up to {worst} after a push, the goal is {durations.written(goal)}")
    return found


def _time(item: Arrival) -> str:
    return "?" if item.seconds is None else durations.written(item.seconds)
