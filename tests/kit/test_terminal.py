"""What others wrote cannot steer a terminal."""

from __future__ import annotations

import pytest

from elysium.kit.terminal import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain: text\n\tx", "plain: text\n\tx"),
        ("\x1b[2J\x07", "\ufffd[2J\ufffd"),
        ("a\rb", "a\ufffdb"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202etxt.exe", "\ufffdtxt.exe"),
        ("\udcff", "\ufffd"),
        ("a\n::set-output name=x::y", "a\n: :set-output name=x::y"),
    ],
)
def test_control_characters_are_replaced(text: str, shown: str) -> None:
    assert visible(text) == shown
