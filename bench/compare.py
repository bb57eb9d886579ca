#!/usr/bin/env python3
"""Compare elysium with another renderer on the same fleets, in turns: wall time and memory, cold and warm.

Usage: compare.py PEER [--sizes 100,1000] [--rounds 5] [--elysium COMMAND]

PEER is the path of a `flate` binary; bench/README.md tells how to get one. Cold means an empty cache folder for every
run, warm a cache folder that one run before has filled. Memory is the highest sum of the proportional set sizes of all
processes, from a run of its own.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import make_fleet
import process_tree


@dataclass(frozen=True, kw_only=True)
class Contender:
    """A program and how it is asked to judge the whole fleet in `folder`."""

    name: str
    command: Callable[[Path], list[str]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one contender took in one situation."""

    seconds: list[float]
    memory: int

    def __str__(self) -> str:
        low, middle, high = min(self.seconds), statistics.median(self.seconds), max(self.seconds)
        return f"{low:8.2f} {middle:8.2f} {high:8.2f} s {self.memory / 1e6:8.0f} MB"


def contenders(peer: str, elysium: str) -> list[Contender]:
    """Elysium and the peer, each with its whole-fleet verb."""
    return [
        Contender(name="elysium", command=lambda folder: [*shlex.split(elysium), "check", str(folder)]),
        Contender(name="peer", command=lambda folder: [peer, "test", "all", "--no-progress", "--path", str(folder)]),
    ]


def compare(fleet: Path, rivals: list[Contender], *, warm: bool, rounds: int) -> dict[str, Figures]:
    """Run every contender `rounds` times in turns, and once more for its memory."""
    with tempfile.TemporaryDirectory() as folder:
        caches = {rival.name: Path(folder) / rival.name for rival in rivals}
        if warm:
            for rival in rivals:
                _run(rival, fleet, caches[rival.name], sample=False)
        seconds: dict[str, list[float]] = {rival.name: [] for rival in rivals}
        for number in range(rounds):
            for rival in rivals:
                cache = caches[rival.name] if warm else Path(folder) / f"{rival.name}-{number}"
                seconds[rival.name].append(_run(rival, fleet, cache, sample=False).seconds)
        return {rival.name: _figures(rival, fleet, caches[rival.name], seconds[rival.name]) for rival in rivals}


def _figures(rival: Contender, fleet: Path, cache: Path, seconds: list[float]) -> Figures:
    # When cold, this cache folder has not been used yet.
    return Figures(seconds=seconds, memory=_run(rival, fleet, cache, sample=True).memory)


def _run(rival: Contender, fleet: Path, cache: Path, *, sample: bool) -> process_tree.Run:
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache))
    run = process_tree.measure(rival.command(fleet), environment, sample=sample)
    if run.exit_code != 0:
        sys.exit(f"{rival.name} exited with {run.exit_code} on {fleet}: {shlex.join(rival.command(fleet))}")
    return run


def main() -> None:
    """Make the fleets, compare, print the table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer")
    parser.add_argument("--sizes", default="100,1000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--elysium", default=f"{shlex.quote(sys.executable)} -m elysium")
    arguments = parser.parse_args()
    rivals = contenders(arguments.peer, arguments.elysium)
    print(f"{'':24}     min   median      max         memory")
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, arguments.sizes.split(",")):
            fleet = Path(folder) / f"fleet-{size}"
            make_fleet.main(str(fleet), size)
            for warm in (False, True):
                figures = compare(fleet, rivals, warm=warm, rounds=arguments.rounds)
                _print(f"{size:5} {'warm' if warm else 'cold'}", figures)


def _print(situation: str, figures: dict[str, Figures]) -> None:
    for name, figure in figures.items():
        print(f"{situation}  {name:12} {figure}")
    ours, theirs = figures["elysium"], figures["peer"]
    times = statistics.median(theirs.seconds) / statistics.median(ours.seconds)
    print(f"{situation}  {times:.1f} times as fast, {ours.memory / theirs.memory:.2f} of the memory\n", flush=True)


if __name__ == "__main__":
    main()
