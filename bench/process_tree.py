"""Run a program and measure it: wall time, or the memory of it and all its descendants."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAMPLE_EVERY = 0.01  # seconds


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run took: seconds, and the highest sum of proportional set sizes (bytes; 0 when not sampled)."""

    seconds: float
    memory: int
    exit_code: int


def measure(command: list[str], environment: dict[str, str], *, sample: bool) -> Run:
    """Run `command`. Sampling slows a run down: do not use its time."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory = 0
    while sample and process.poll() is None:
        memory = max(memory, sum(_proportional_set_size(pid) for pid in _family(process.pid)))
        time.sleep(SAMPLE_EVERY)
    exit_code = process.wait()
    return Run(seconds=time.perf_counter() - started, memory=memory, exit_code=exit_code)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for tasks in _glob(f"/proc/{pid}/task"):
        try:
            children = (tasks / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _glob(folder: str) -> list[Path]:
    try:
        return [Path(folder) / name for name in os.listdir(folder)]  # noqa: PTH208 - the plain call is the cheap one
    except OSError:
        return []


def _proportional_set_size(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
