#!/usr/bin/env python3
"""Build the control plane of this checkout into build/elysium-controlplane, unless it is up to date.

Runs in the environment of the checkout, since it builds as `elysium rehearse` does on first use. The first time takes
several minutes.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from elysium.cluster import building, programs  # noqa: E402 - of this checkout
from elysium.errors import ClusterError  # noqa: E402

SELDOM = 100


def show(text: str, done: int, total: int) -> None:
    """Tell on stderr how far the build is: one line that changes on a terminal, a line now and then elsewhere."""
    count = f"{done:5} of {total}  " if total else ""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{f'{count}{text}'[:width]}", end="", file=sys.stderr, flush=True)
    elif total and done % SELDOM == 0:
        print(f"elysium: {count}{text}", file=sys.stderr, flush=True)


def main() -> int:
    """Build unless current; the exit code says whether there is a control plane."""
    module, target = programs.sources(), ROOT / "build" / programs.CONTROL_PLANE.name
    if building.is_current(target, module):
        return 0
    print("elysium: building the control plane (several minutes the first time) …", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        building.build(programs.CONTROL_PLANE, module, target, show)
    except (ClusterError, KeyboardInterrupt) as error:
        hint = f" ({error.hint})" if isinstance(error, ClusterError) else ""
        print(f"\nelysium: {error or 'interrupted'}{hint}", file=sys.stderr)
        return 2
    print(f"\nelysium: the control plane is ready ({time.monotonic() - started:.0f} s)", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
