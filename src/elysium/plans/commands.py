"""Run a command of a plan: bounded, without anything secret in its surroundings, and gone when it ends.

It runs only with consent (`--allow-commands`); this is no sandbox, but what limits a command that errs: no shell, the
root of the repository as working directory, an environment of a few plain variables, an end to its time and output,
and the death of everything that it started. Of what it prints only a digest and the last line are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import resource
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from elysium.kit.terminal import visible

__all__ = ["Ended", "end_commands", "run_command"]

_KEPT = ("HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")
_MARK = "ELYSIUM_COMMAND"
_SECONDS = 60.0
_MOST_OUTPUT = 16 << 20
_TAIL = 4096
_LONGEST_LINE = 200
_GRACE = 0.5
_NAMED = r"password|passwd|token|secret|api[_-]?key|authorization"
_SECRETS = (
    re.compile(rf"(?i)\b([\w-]{{0,40}}(?:{_NAMED})[\w-]{{0,40}}\s*[=:]\s*)\S.{{0,500}}"),
    re.compile(r"()\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|eyJ|AKIA|AGE-SECRET-KEY-)[\w.+/=-]{8,}"),
    re.compile(r"(://[^/\s:@]{1,100}:)[^/\s@]{1,200}(?=@)"),
)
_RUNNING: set[int] = set()
"""The groups of the commands that are running, each by its first process."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended: its exit code (None when it never came to one, `problem` says why), and what it printed."""

    exit: int | None = None
    problem: str = ""
    digest: str = ""
    last: str = ""


def run_command(words: Sequence[str], root: Path, *, seconds: float = _SECONDS, most: int = _MOST_OUTPUT) -> Ended:
    """Run a program with arguments, and wait for its end. Raises nothing for whatever it does."""
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    try:
        process = subprocess.Popen(
            list(words),
            cwd=root,
            env=_environment(mark),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Ended(problem=f"{words[0]} cannot be started: {getattr(error, 'strerror', None) or error}")
    try:
        _RUNNING.add(process.pid)
        _limit(process.pid, seconds)
        output = _Output(most)
        problem = _listen(process, output, time.monotonic() + seconds, seconds)
    finally:
        _RUNNING.discard(process.pid)
        _end(process, mark)
    return Ended(exit=None if problem else process.returncode, problem=problem, digest=output.digest, last=output.last)


def end_commands() -> None:
    """End every command that is running, because nobody waits for it any more. They are not in the terminal's group,
    so Ctrl-C does not reach them.
    """
    for process in tuple(_RUNNING):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process, signal.SIGKILL)


class _Output:
    """What a command prints, as far as it is kept."""

    def __init__(self, most: int) -> None:
        self._state = hashlib.sha256()
        self._tail = b""
        self.left = most

    def take(self, data: bytes) -> None:
        """Hear some more."""
        self._state.update(data)
        self._tail = (self._tail + data)[-_TAIL:]
        self.left -= len(data)

    @property
    def digest(self) -> str:
        """The digest of everything."""
        return f"sha256:{self._state.hexdigest()}"

    @property
    def last(self) -> str:
        """The last line that says something, without what looks like a secret."""
        lines = self._tail.decode("utf-8", "replace").splitlines()
        line = visible(next((line.strip() for line in reversed(lines) if line.strip()), ""))
        for form in _SECRETS:
            line = form.sub(r"\1…", line)
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _environment(mark: str) -> dict[str, str]:
    """A few plain variables: credentials of CI services and clouds stand in others."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {"PATH": os.defpath, **kept, "TERM": "dumb", "NO_COLOR": "1", _MARK: mark}


def _limit(process: int, seconds: float) -> None:
    """No core files, and no process that computes for longer than the command may take."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(process, resource.RLIMIT_CORE, (0, 0))
            resource.prlimit(process, resource.RLIMIT_CPU, (int(seconds) + 2, int(seconds) + 3))


def _listen(process: subprocess.Popen[bytes], output: _Output, deadline: float, seconds: float) -> str:
    """Hear what it prints until it ends; why it has to be ended, if so.

    Something that it left behind may hold its output open: it is heard for a moment longer.
    """
    if process.stdout is None:
        return "its output cannot be read"
    descriptor, ended = process.stdout.fileno(), False
    while True:
        now = time.monotonic()
        if now > deadline:
            return "" if ended else f"it took longer than {seconds:g} seconds"
        if not ended and _has_ended(process):
            ended, deadline = True, now + _GRACE
        if not select.select([descriptor], [], [], min(0.05, max(deadline - now, 0)))[0]:
            continue
        data = os.read(descriptor, 1 << 16)
        if not data:
            return _wait(process, deadline, seconds)
        output.take(data)
        if output.left < 0:
            return "it printed too much"


def _wait(process: subprocess.Popen[bytes], deadline: float, seconds: float) -> str:
    """Wait for a command that prints nothing any more."""
    while not _has_ended(process):
        if time.monotonic() > deadline:
            return f"it took longer than {seconds:g} seconds"
        time.sleep(0.01)
    return ""


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ended. Where that can be asked, its id stays taken until `_end`: the group is still its own."""
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(process: subprocess.Popen[bytes], mark: str) -> None:
    """End its group, and what left the group but carries the mark in its environment (where /proc shows that)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    _end_marked(mark)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _end_marked(mark: str) -> None:
    """End them until two looks find none: one that is just being started shows no environment."""
    deadline, looks = time.monotonic() + _GRACE, 0
    while looks < 2 and time.monotonic() < deadline:
        left = list(_marked(mark))
        for process in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        looks = 0 if left else looks + 1
        time.sleep(0.005)


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{_MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in entry.read_bytes().split(b"\0"):
                yield int(entry.parent.name)
