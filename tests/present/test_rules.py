"""The page of a rule, on a terminal and in a pipe."""

from __future__ import annotations

import io
import re

import pytest

from elysium.present.rules import write_rule


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(out: io.StringIO) -> str:
    write_rule("policy-blocks-dns", out, "text")
    return re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())


def test_a_terminal_gets_no_links_that_it_cannot_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = shown(Terminal())
    assert "\x1b]8" not in text
    assert "docs/suppressing.md" in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_pipe_gets_the_page_as_it_is() -> None:
    assert "[how to accept a finding](../suppressing.md)" in shown(io.StringIO())
