"""What starts a program, what it sees of our environment, and how one that died is heard."""

from __future__ import annotations

import os
from typing import IO

from elysium.kit import terminal

__all__ = ["Command", "environment", "telling_lines"]

Command = tuple[str, ...]
"""A program and the first of its arguments, such as `("…/elysium-controlplane", "replay")`."""

_KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "TZ", "GOMAXPROCS", "GOMEMLIMIT", "GOGC", "GODEBUG", "GOTRACEBACK")
_MOST = 1 << 16
_TELLING = ("panic:", "fatal", "error", "failed", "cannot", "unable")
_LINES = 3
_WIDTH = 500


def environment() -> dict[str, str]:
    """Nothing of ours that could lead a control plane or a replay to another cluster, or through a proxy."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def telling_lines(log: IO[bytes]) -> str:
    """The lines at the end of a log that say why its program died: those that tell of an error, else the last one."""
    log.seek(max(0, log.seek(0, os.SEEK_END) - _MOST))
    lines = [line.strip() for line in log.read(_MOST).decode("utf-8", "replace").splitlines() if line.strip()]
    found = [line for line in lines if _tells(line)] or lines[-1:]
    return terminal.visible("; ".join(line[:_WIDTH] for line in found[-_LINES:]))


def _tells(line: str) -> bool:
    """klog marks errors and fatal ones by the first letter of a line: `E1122 02:18:00`."""
    return line[:2] in ("E0", "E1", "F0", "F1") or any(word in line[:_WIDTH].lower() for word in _TELLING)
