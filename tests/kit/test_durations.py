"""Durations of Go."""

from __future__ import annotations

import pytest

from elysium.kit.durations import seconds


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
