"""Runs programs that must not outlive whoever started it: a program of its own, which imports nothing of ours.

    python -I -S watchdog.py [--remove DIRECTORY] [--hold DESCRIPTOR] -- PROGRAM ARGUMENT… [-- PROGRAM ARGUMENT…]

When its stdin ends (also because whoever holds the other end was killed), or when one of the programs ends, all of them
are killed with all that they started, the directory is removed, and it ends: with the exit code of the program that
ended first, or 0. A person's Ctrl-C is not for it. On Linux the programs are killed even if this process is.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable

__all__: list[str] = []

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Start the programs, wait for the first end, and clear up."""
    options, programs = _read(arguments)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for program in programs:
            running.append(_start(program, options.hold))
        return _first_end(running, woken)
    finally:
        _kill(running)
        if options.remove:
            shutil.rmtree(options.remove, ignore_errors=True)


def _read(arguments: list[str]) -> tuple[argparse.Namespace, list[list[str]]]:
    parts: list[list[str]] = [[]]
    for argument in arguments:
        if argument == "--":
            parts.append([])
        else:
            parts[-1].append(argument)
    parser = argparse.ArgumentParser()
    parser.add_argument("--remove", default="")
    parser.add_argument("--hold", type=int, action="append", default=[])
    return parser.parse_args(parts[0]), parts[1:]


def _start(program: list[str], hold: list[int]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program,
        stdin=subprocess.DEVNULL,
        pass_fds=hold,
        process_group=0,
        preexec_fn=_dying_with_us(),  # noqa: PLW1509 - this process has no threads
    )


def _dying_with_us() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _first_end(running: list[subprocess.Popen[bytes]], woken: int) -> int:
    while True:
        for process in running:
            if process.poll() is not None:
                return process.returncode if process.returncode >= 0 else 128 - process.returncode
        for descriptor in select.select([sys.stdin.fileno(), woken], [], [])[0]:
            if not os.read(descriptor, 1 << 16) and descriptor != woken:
                return 0


def _kill(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for process in running:
        process.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(main(sys.argv[1:]))
