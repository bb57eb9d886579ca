"""How the watchdog is started, which takes along what it runs (see `watchdog`, a program of its own)."""

from __future__ import annotations

import sys
from pathlib import Path

from elysium.cluster.command import Command

__all__ = ["WATCHDOG"]

WATCHDOG: Command = (sys.executable, "-I", "-S", str(Path(__file__).with_name("watchdog.py")))
