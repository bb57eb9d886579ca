"""Show how far Go is: one line that changes on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable

# What `go build -v` says while it works: a module to download, a package to compile. All else is for the reader.
STEP = re.compile(r"(?:go: downloading (?P<module>\S+) \S+|(?P<package>[\w./~-]+))$")
SELDOM = 100


def show(lines: Iterable[str]) -> None:
    """Follow Go's messages until they end."""
    counts = {"module": 0, "package": 0}
    for line in lines:
        step = STEP.match(line.strip())
        if step is None:
            _clear()
            print(line, end="", file=sys.stderr, flush=True)
            continue
        kind = "module" if step["module"] else "package"
        counts[kind] += 1
        verb = "downloaded" if step["module"] else "compiled"
        _step(f"{counts[kind]:5} {kind}s {verb}", step[kind], counts[kind])
    _clear()


def _step(count: str, name: str, number: int) -> None:
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\x1b[K{count}  {name}"[: width + 4], end="", file=sys.stderr, flush=True)
    elif number % SELDOM == 0:
        print(count, file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
