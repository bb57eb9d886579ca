"""The line that says how far we are."""

from __future__ import annotations

import pytest

from elysium.cli import progress
from elysium.cli.progress import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_nothing_is_drawn_without_a_terminal() -> None:
    assert progress.progress() is None


def test_short_work_draws_nothing(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress()
    clock[0] += 0.9
    line("rendering", 1, 2)
    assert capsys.readouterr().err == ""


def test_long_work_draws_one_line_and_leaves_none(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress()
    clock[0] += 2
    line("rendering", 1, 3)
    line("rendering", 2, 3)
    assert capsys.readouterr().err == "\r\x1b[2Krendering 1/3"
    line("rendering", 3, 3)
    assert capsys.readouterr().err == "\r\x1b[2K"
    line.clear()
    assert capsys.readouterr().err == ""
