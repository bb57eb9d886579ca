"""`elysium new` on a terminal: it asks for what is missing, shows what it would write, and lets somebody decide."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scaffold.harness import scaffold

SOURCES = Path(__file__).resolve().parents[2] / "src"
END = "\x04"


def on_a_terminal(root: Path, command: str, typed: str) -> tuple[int, str]:
    """Exit code and screen of a command whose terminal gets these keys."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(SOURCES), "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "elysium", *command.split()],
        cwd=root,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    screen = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        screen += read
    os.close(ours)
    return running.wait(timeout=60), screen.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scaffold(tmp_path_factory.mktemp("asking") / "demo")


def test_what_would_be_written_is_shown_once_and_written_on_yes(home: Path) -> None:
    code, screen = on_a_terminal(home, "new app wiki", "y\n")
    assert code == 0
    assert screen.count("apps/base/wiki/wiki.yaml") == 1
    before, _, after = screen.partition("write this? [Y/n] ")
    assert "to be created" in before
    assert "Commit and push" not in before
    assert "Commit and push" in after
    assert (home / "apps/base/wiki/wiki.yaml").is_file()


def test_nothing_is_written_on_no(home: Path) -> None:
    code, screen = on_a_terminal(home, "new app feeds", "n\n")
    assert code == 2
    assert "nothing was written" in screen
    assert not (home / "apps/base/feeds").exists()


def test_a_wrong_answer_is_asked_for_again(home: Path) -> None:
    code, screen = on_a_terminal(home, "new image web", "rust\ngo\ny\n")
    assert code == 0
    assert "'rust': allowed is one of python" in screen
    assert (home / "packages/web/Dockerfile").is_file()


def test_the_end_of_the_input_is_no_answer(home: Path) -> None:
    code, screen = on_a_terminal(home, "new image api", END)
    assert code == 2
    assert "error: the input ended before a question was answered, so nothing was written" in screen
    assert not (home / "packages/api").exists()


def test_a_conflict_says_how_it_is_settled(home: Path) -> None:
    on_a_terminal(home, "new app notes --yes", "")
    file = home / "apps/base/notes/notes.yaml"
    file.write_text(file.read_text().replace("memory: 256Mi", "memory: 256Mi # enough"))
    code, screen = on_a_terminal(home, "new app notes --memory-limit 1Gi", "y\n")
    assert code == 1
    told = " ".join(screen.replace("\x1b[2m→ \x1b[0m", "→ ").split())
    assert "→ make the change yourself, and the next run takes it as merged" in told
