"""Durations of Go."""

from __future__ import annotations

import pytest

from elysium.kit.durations import seconds, written


@pytest.mark.parametrize(
    ("duration", "wanted"),
    [
        ("5m", 300),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("90s", 90),
        ("500ms", 0),
        ("", None),
        ("5", None),
        ("5 m", None),
        ("9" * 400 + "h", None),
    ],
)
def test_durations(duration: str, wanted: int | None) -> None:
    assert seconds(duration) == wanted


@pytest.mark.parametrize(("amount", "text"), [(0, "0s"), (90, "1m30s"), (3600, "1h"), (5405, "1h30m5s")])
def test_seconds_are_written_as_a_duration(amount: int, text: str) -> None:
    assert written(amount) == text
    assert seconds(text) == amount
