"""Wait for a server that starts, and say why it did not."""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from elysium.cluster.command import telling_lines
from elysium.errors import ClusterError

__all__ = ["Logs", "first_line"]

_CHUNK = 1 << 16
_TURN = 0.2


class Logs:
    """What a server says on stderr, and its log, which it takes along when it ends: so it is opened in time."""

    def __init__(self, words: IO[bytes], path: Path) -> None:
        self.path = path
        self._logs = [words]

    def open(self) -> None:
        """Take hold of the log as soon as it is there."""
        if len(self._logs) == 1:
            with contextlib.suppress(OSError):
                self._logs.append(self.path.open("rb"))

    def failure(self, message: str) -> ClusterError:
        """The message with what the logs tell."""
        said = [words for log in self._logs if (words := telling_lines(log))]
        return ClusterError(
            ": ".join([message, *said]), hint="run it again; on a machine that is very busy, wait until it is less so"
        )

    def close(self) -> None:
        """Let go of the log."""
        for log in self._logs[1:]:
            log.close()


def first_line(descriptor: int, seconds: float, meanwhile: Callable[[], None]) -> bytes | None:
    """The first line that can be read there; empty when the end comes before it, None when the time is over."""
    deadline = time.monotonic() + seconds
    received = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while b"\n" not in received:
            meanwhile()
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if not selector.select(min(left, _TURN)):
                continue
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                return b""
            received += chunk
    return received.partition(b"\n")[0]
