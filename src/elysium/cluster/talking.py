"""Lines to and from a process, however long they are and whoever is slow."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from typing import IO

from elysium.cluster.command import Command, environment, telling_lines
from elysium.errors import ClusterError

__all__ = ["Talker"]


class Talker:
    """A process with a thread that writes to it and one that reads from it."""

    def __init__(self, command: Command) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process, and goes with it
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._words,
                env=environment(),
                start_new_session=True,
            )
        except OSError as error:
            self._words.close()
            raise ClusterError(f"cannot be started: {error.strerror}", subject=command[0]) from error
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._threads = (
            threading.Thread(target=_write, args=(self._process.stdin, self._outgoing), daemon=True),
            threading.Thread(target=_read, args=(self._process.stdout, self._incoming), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def send(self, line: bytes) -> None:
        """Queue one line (with its newline)."""
        self._outgoing.put(line)

    def next_line(self, timeout: float | None) -> bytes | None:
        """The next line; None for ever after the end. Raises queue.Empty when none comes in time."""
        line = self._incoming.get(timeout=timeout)
        if line is None:
            self._incoming.put(None)
        return line

    def last_words(self) -> str:
        """What the process said on stderr that tells of its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        return telling_lines(self._words)

    def stop(self) -> None:
        """Kill the process, and wait for it and for the threads. Safe to call twice."""
        self._process.kill()
        self._process.wait()
        self._outgoing.put(None)
        for thread in self._threads:
            thread.join()
        self._words.close()


def _write(pipe: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    """A process that reads no more is noticed by whoever reads from it."""
    with contextlib.suppress(OSError, ValueError), pipe:
        while (line := lines.get()) is not None:
            pipe.write(line)
            pipe.flush()


def _read(pipe: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    with pipe:
        for line in pipe:
            lines.put(line)
    lines.put(None)
