"""One engine process: bytes in, bytes out, and its death."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import deque
from pathlib import Path

__all__ = ["Worker"]

_CHUNK = 1 << 20


class Worker:
    """A running engine. Nothing here blocks: the pool waits for readiness and calls `write_some` and `read_lines`."""

    def __init__(self, binary: Path, arguments: tuple[str, ...]) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [str(binary), "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self.stdin = self._process.stdin.fileno()
        self.stdout = self._process.stdout.fileno()
        os.set_blocking(self.stdin, False)
        os.set_blocking(self.stdout, False)
        self._outgoing: deque[memoryview] = deque()
        self._partial: list[bytes] = []
        self.expected: deque[int] = deque()
        """Ids of requests that were sent and not answered, oldest first: answers come in this order."""
        self.finished = False
        self.resigned = False
        """Its last answer was that a bound was reached: it ends by itself, and the next request is not to blame."""

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def wants_to_write(self) -> bool:
        return bool(self._outgoing)

    def send(self, line: bytes) -> None:
        """Queue one message (with its newline)."""
        self._outgoing.append(memoryview(line))

    def write_some(self) -> None:
        """Write what the pipe takes now. A broken pipe is left for `read_lines` to notice as the end."""
        while self._outgoing:
            head = self._outgoing[0]
            try:
                written = os.write(self.stdin, head[:_CHUNK])
            except BlockingIOError:
                return
            except BrokenPipeError:
                self._outgoing.clear()
                return
            if written == len(head):
                self._outgoing.popleft()
            else:
                self._outgoing[0] = head[written:]

    def read_lines(self) -> list[bytes]:
        """The messages that are complete; sets `finished` at the end of the stream."""
        lines: list[bytes] = []
        while True:
            try:
                chunk = os.read(self.stdout, _CHUNK)
            except BlockingIOError:
                return lines
            if not chunk:
                self.finished = True
                return lines
            lines.extend(self._complete(chunk))

    def _complete(self, chunk: bytes) -> list[bytes]:
        if b"\n" not in chunk:
            self._partial.append(chunk)
            return []
        head, *rest = chunk.split(b"\n")
        lines = [b"".join([*self._partial, head]), *rest[:-1]]
        self._partial = [rest[-1]] if rest[-1] else []
        return lines

    def last_words(self) -> str:
        """The first line that the process wrote to stderr, for the message about its death."""
        self._words.seek(0)
        text = self._words.read(4096).decode("utf-8", "replace").strip()
        return text.splitlines()[0] if text else ""

    def stop(self, *, at_once: bool = False) -> None:
        """End the process: by the end of its input, or by a kill; never leaves it behind."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass
        if at_once:
            self._process.kill()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._words.close()
