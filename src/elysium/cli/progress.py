"""A line that says how far we are, on a terminal, when it takes longer than a second."""

from __future__ import annotations

import shutil
import sys
import time

__all__ = ["Progress", "progress"]

_PATIENCE = 1.0
_PAUSE = 0.1


class Progress:
    """Draws over one line of standard error."""

    def __init__(self) -> None:
        self._started = self._drawn = time.monotonic()
        self._visible = False

    def __call__(self, what: str, done: int = 0, total: int = 0) -> None:
        """Something went on: draw it, unless it is too early or the last drawing is fresh. The end wipes it out."""
        if total and done >= total:
            self.clear()
            return
        now = time.monotonic()
        if now - self._started < _PATIENCE or now - self._drawn < _PAUSE:
            return
        self._drawn = now
        count = f" {done}/{total}" if total else ""
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[2K" + f"{what}{count}"[:width])
        sys.stderr.flush()
        self._visible = True

    def clear(self) -> None:
        """Leave no trace of the line."""
        if self._visible:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._visible = False


def progress() -> Progress | None:
    """A progress line when there is a terminal to draw it on."""
    return Progress() if sys.stderr.isatty() else None
