"""The command in a sandbox of its own: what it says, what it leaves behind, and what it must not have touched."""

from __future__ import annotations

import hashlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Outcome", "Running", "Sandbox", "engines_of"]

SOURCE = Path(__file__).resolve().parents[2] / "src"
MARK = "ELYSIUM_TEST_SANDBOX"
_PATIENCE = 5.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        return self.out + self.err


class Sandbox:
    """A home, a cache, a folder for temporary files and one for the repository.

    Every run is held to what bad input must never break: no traceback, nothing written outside the cache, no process
    left behind, an end within a bounded time.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.repository = directory / "repository"
        self.cache = directory / "cache"
        for name in ("repository", "home", "temporary", "cache"):
            (directory / name).mkdir()
        self.mark = secrets.token_hex(12)
        self.extra: dict[str, str] = {}
        self.writes = False  # whether the commands write into the repository

    def environment(self) -> dict[str, str]:
        """What a run sees: nothing of the person who tests."""
        kept = {name: os.environ[name] for name in ("PATH", "ELYSIUM_ENGINE", "LD_LIBRARY_PATH") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.directory / "home"),
            "TMPDIR": str(self.directory / "temporary"),
            "ELYSIUM_CACHE": str(self.cache),
            "LC_ALL": "C.UTF-8",
            MARK: self.mark,
            **self.extra,
        }

    def start(self, *arguments: str, prepare: Callable[[], object] | None = None) -> Running:
        """Start `elysium ARGUMENTS` inside the repository."""
        return Running(self, arguments, prepare)

    def run(self, *arguments: str, within: float = 60, prepare: Callable[[], object] | None = None) -> Outcome:
        """Run `elysium ARGUMENTS` inside the repository to its end, which must come `within` seconds."""
        return self.start(*arguments, prepare=prepare).finish(within)

    def _writable(self) -> tuple[str, ...]:
        return ("cache", "repository") if self.writes else ("cache",)

    def listing(self) -> dict[str, Any]:
        """Everything outside the cache (and the repository, where commands write into it): type, time and content."""
        found = {}
        for folder, directories, names in os.walk(self.directory):
            if Path(folder) == self.directory:
                directories[:] = [name for name in directories if name not in self._writable()]
            for name in [*directories, *names]:
                path = Path(folder, name)
                found[str(path.relative_to(self.directory))] = _state(path)
        return found


class Running:
    """A command under way."""

    def __init__(self, sandbox: Sandbox, arguments: tuple[str, ...], prepare: Callable[[], object] | None) -> None:
        self._sandbox = sandbox
        self._before = sandbox.listing()
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "elysium", *arguments],
            cwd=sandbox.repository,
            env=sandbox.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,  # noqa: PLW1509 - this process has one thread
            start_new_session=True,
        )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the command alone, as a terminal that knows no engine would."""
        self.process.send_signal(number)

    def finish(self, within: float = 60) -> Outcome:
        """Wait for the end, and hold the run to what must always be true."""
        try:
            out, err = self.process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"no end within {within} s; it said: {err.decode(errors='replace')[-2000:]}") from None
        outcome = Outcome(
            code=self.process.returncode,
            out=out.decode(),
            err=err.decode(),
            seconds=time.monotonic() - self._started,
        )
        assert "Traceback" not in outcome.said, outcome.said[-4000:]
        assert "defect of Elysium" not in outcome.said, outcome.said[-4000:]
        assert _gone(self._sandbox.mark), "an engine is still there"
        assert _differences(self._before, self._sandbox.listing()) == {}
        return outcome


def engines_of(mark: str) -> list[int]:
    """Processes that a sandboxed run started and that still run."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            running = wanted in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if running:
            found.append(int(entry.name))
    return found


def _gone(mark: str) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while engines_of(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _state(path: Path) -> tuple[str, int, str]:
    status = path.lstat()
    if path.is_symlink():
        return "link", status.st_mtime_ns, str(path.readlink())
    if path.is_dir():
        return "directory", 0, ""
    if not path.is_file():
        return "special", status.st_mtime_ns, ""
    if status.st_size > 10_000_000:
        return "file", status.st_mtime_ns, str(status.st_size)
    return "file", status.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    paths = before.keys() | after.keys()
    return {path: (before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)}
