"""The sessions that the documentation shows: their commands run, and print what stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

import record_sessions

SESSIONS = [
    (page, name)
    for page in record_sessions.PAGES
    for name in record_sessions.sessions(page.read_text(encoding="utf-8"))
]


WAY = (
    *("elysium plan new", "git diff", "elysium plan lint", "elysium plan apply", "elysium check"),
    *("elysium plan verify", "elysium plan diff", "elysium plan rollback"),
)


def part_of(text: str, session: str) -> list[str]:
    return [content for _, name, content, _ in record_sessions.BLOCK.findall(text) if name == session]


@pytest.mark.parametrize(("page", "session"), SESSIONS, ids=[f"{page.stem}-{name}" for page, name in SESSIONS])
def test_a_session_goes_as_the_page_shows(page: Path, session: str) -> None:
    text = page.read_text(encoding="utf-8")
    assert part_of(record_sessions.recorded(text, (session,)), session) == part_of(text, session), (
        "python scripts/record_sessions.py renews the record; read what it changes"
    )


def test_the_tutorial_goes_all_the_way_with_three_applications() -> None:
    text = record_sessions.PAGES[0].read_text(encoding="utf-8")
    assert {"postgresql", "wiki", "podinfo"} <= set(record_sessions.sessions(text))
    for session in ("postgresql", "wiki", "podinfo"):
        content = "".join(part_of(text, session))
        place = 0
        for call in WAY:
            place = content.index(f"$ {call}", place)
        assert "$ git diff\n$ " in content, "a plan changes nothing"


def test_a_record_is_told_without_what_differs_from_run_to_run() -> None:
    page = """<!-- session: any -->
```console
$ echo '0123abcd4567 took 1.25 s, 0123abc again, 89abcdef01'; date -u +%F
stale
$ printf 'no end of line'; exit_code() { return 3; }; exit_code
```
"""
    assert "\n".join(record_sessions.recorded(page).splitlines()[3:]) == (
        "111111111111 took … s, 1111111 again, 2222222222\nYYYY-MM-DD\n"
        "$ printf 'no end of line'; exit_code() { return 3; }; exit_code\nno end of line\n(exit code 3)\n```"
    )
