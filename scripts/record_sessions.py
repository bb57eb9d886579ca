#!/usr/bin/env python3
"""Run the sessions that the documentation shows, and write what the commands print as the commands print it.

A session is one shell. On a page it is a comment, `<!-- session: NAME -->`, above each of its blocks of `console`.
Lines that begin with `$` are run (a backslash at the end goes on in the next line), everything else is what was
printed, the exit code of a command that failed included. It begins in an empty folder with a link to `examples`, with
an empty cache, and nobody types. What differs from run to run is told by other words: the nth commit that is met is
`nnnnnnn…`, a time is `… s`, today is `YYYY-MM-DD`.

Run it with the checkout's environment: .venv/bin/python scripts/record_sessions.py [PAGE…]
"""

from __future__ import annotations

import datetime
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "docs" / "tutorial.md", ROOT / "docs" / "plans" / "index.md")
COLUMNS, LINES = 100, 50
BLOCK = re.compile(r"(<!-- session: ([\w-]+) -->\n```console\n)(.*?)(```\n)", re.DOTALL)

_MARK = "\x1e"
_COMMAND = re.compile(r"^\$ (.*<<'END'\n(?:.*\n)*?END|(?:.*\\\n)*.*)$", re.MULTILINE)
_COMMIT = re.compile(r"(?<![\w.-])(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}(?!\w)")
_SECONDS = re.compile(r"\b\d+\.\d+ s\b")
_WIPED = re.compile(r"[^\n\x1e]*\r\x1b\[2K")
_SIGNS = "123456789abcdef"
_SHORTEST = 7


def recorded(page: str, names: tuple[str, ...] = ()) -> str:
    """The page with its sessions as they go today; only those with `names`, where there are any."""
    blocks: dict[str, list[str]] = {}
    for _, name, content, _ in BLOCK.findall(page):
        if not names or name in names:
            blocks.setdefault(name, []).append(content)
    renewed = {name: iter(_session(contents)) for name, contents in blocks.items()}
    return BLOCK.sub(lambda found: found[1] + next(renewed.get(found[2], iter([found[3]]))) + found[4], page)


def sessions(page: str) -> tuple[str, ...]:
    """The names of the sessions of a page, in its order."""
    return tuple(dict.fromkeys(name for _, name, _, _ in BLOCK.findall(page)))


def _session(contents: list[str]) -> Iterator[str]:
    """The blocks of one session with what their commands print, run one after the other."""
    commands = [_COMMAND.findall(content) for content in contents]
    printed = iter(_run([command for block in commands for command in block]))
    for block in commands:
        yield "".join(f"$ {command}\n{next(printed)}" for command in block)


def _run(commands: list[str]) -> list[str]:
    """What each command prints on a terminal, in one shell."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "work").mkdir()
        (place / "work" / "examples").symlink_to(ROOT / "examples")
        script = "set -o pipefail\n" + "".join(f"{command}\nprintf '%s\\036' $?\n" for command in commands)
        out = _on_a_terminal(["bash", "-c", script], place / "work", _environment(place))
    parts = out.split(_MARK)
    if len(parts) != len(commands) + 1:
        raise SystemExit(f"a session ended early:\n{out}")
    names: dict[str, str] = {}
    return [_steady(_with_code(part), names) for part in parts[:-1]]


def _environment(place: Path) -> dict[str, str]:
    """Nothing of the machine but its programs; `elysium` is the one of this checkout."""
    starter = place / "bin" / "elysium"
    starter.parent.mkdir()
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m elysium "$@"\n', encoding="utf-8")
    starter.chmod(0o755)
    who = {f"GIT_{role}_{part}": said for role in ("AUTHOR", "COMMITTER") for part, said in _ALICE.items()}
    return {
        "PATH": f"{starter.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(place / "home"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": str(COLUMNS),
        "LINES": str(LINES),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_PAGER": "cat",
        **who,
    }


_ALICE = {"NAME": "alice", "EMAIL": "alice@example.com"}


def _on_a_terminal(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What a command prints when its output is a terminal and nobody types."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer):
        os.close(writer)
        out = b"".join(iter(lambda: _read(reader), b""))
    os.close(reader)
    return _WIPED.sub("", out.decode("utf-8").replace("\r\n", "\n"))


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def _with_code(part: str) -> str:
    """What was printed; the code stands behind it, and is told when it is not 0."""
    printed, code = re.fullmatch(r"(.*?)(\d+)", part, re.DOTALL).groups()  # type: ignore[union-attr]
    ended = f"{printed}\n" if printed and not printed.endswith("\n") else printed
    return ended if code == "0" else f"{ended}(exit code {code})\n"


def _steady(text: str, names: dict[str, str]) -> str:
    """The text with what differs from run to run told by other words; `names` has the commits that were met."""

    def name(found: re.Match[str]) -> str:
        start = found[0][:_SHORTEST]
        sign = names.setdefault(start, _SIGNS[len(names) % len(_SIGNS)])
        return sign * len(found[0])

    text = _SECONDS.sub("… s", _COMMIT.sub(name, text))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return "\n".join(line.rstrip() for line in text.replace(today, "YYYY-MM-DD").split("\n"))


def main() -> None:
    """Renew the pages that are named, or all."""
    for page in [Path(name) for name in sys.argv[1:]] or PAGES:
        page.write_text(recorded(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
