#!/usr/bin/env python3
"""Time `elysium rehearse` on fleets of several sizes, and kubectl with the same objects on the same kind of server.

Usage: rehearse.py KUBECTL [--sizes 10,100,1000] [--rounds 3] [--boots 5] [--elysium COMMAND]

KUBECTL is the path of a kubectl; bench/README.md tells how to get one. A rehearsal is the whole command with an empty
cache folder: two renders, the boot, the base, the head and the report. kubectl only applies the objects of the base, on
a server that is there already and knows their kinds. Memory is the highest sum of the proportional set sizes of all
processes of a rehearsal, from a run of its own. The figures of the control plane are only worth something when nothing
is built beside it: the load is printed with them.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

import make_fleet
import process_tree
from elysium.api import Workspace
from elysium.cluster.opening import open_server
from elysium.cluster.protocol import Entries
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.model import RenderedObject
from elysium.rehearse.facts import gather

CHARTS = 5


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """A generated repository, its objects, and what has to be on a server before them."""

    directory: Path
    objects: list[RenderedObject]
    before: list[bytes]


def make(directory: Path, apps: int) -> Fleet:
    """Write a fleet and render its base."""
    make_fleet.main(str(directory), apps, CHARTS)
    with Workspace(directory) as workspace, workspace.at("HEAD~1") as base:
        render = base.render()
        root = workspace.settings_directory
        facts = gather(render.clusters[0], [render], workspace.settings, None, workspace.pool.call, root=root)
    return Fleet(
        directory=directory,
        objects=[item for unit in render.units for item in unit.objects],
        before=list(facts.objects),
    )


@contextmanager
def server(cache: Path) -> Iterator[tuple[Server, Replayer]]:
    """A control plane of the kind that rehearsals use."""
    with ExitStack() as stack:
        yield open_server(stack, cache, notice=lambda *_: None)


def boot(cache: Path) -> float:
    """Seconds until a control plane answers."""
    started = time.perf_counter()
    with server(cache):
        return time.perf_counter() - started


def rehearse(fleet: Fleet, elysium: str, cache: Path, *, sample: bool = False) -> process_tree.Run:
    """The whole command, from an empty cache folder."""
    command = [*shlex.split(elysium), "rehearse", "HEAD~1", "HEAD", "--repo", str(fleet.directory)]
    with tempfile.TemporaryDirectory(dir=cache) as empty:
        run = process_tree.measure(command, dict(os.environ, XDG_CACHE_HOME=empty), sample=sample)
    if run.exit_code != 0:
        sys.exit(f"exit code {run.exit_code}: {shlex.join(command)}")
    return run


def apply(fleet: Fleet, kubectl: str, cache: Path) -> float:
    """Seconds that kubectl takes for all objects of the base, the namespaces first since it does not order them."""
    namespaces = [item for item in fleet.objects if item.kind == "Namespace"]
    others = [item for item in fleet.objects if item.kind != "Namespace"]
    seconds = 0.0
    with server(cache) as (opened, replayer):
        replayer.call("create", {"objects": [msgspec.Raw(raw) for raw in fleet.before]}, Entries)
        for objects in (namespaces, others):
            seconds += _applied(objects, [kubectl, "--kubeconfig", str(opened.kubeconfig)])
    return seconds


def _applied(objects: list[RenderedObject], kubectl: list[str]) -> float:
    stream = b"\n---\n".join(msgspec.json.encode(item.body()) for item in objects)
    started = time.perf_counter()
    run = subprocess.run(
        [*kubectl, "apply", "--server-side", "-f", "-"], input=stream, capture_output=True, check=False
    )
    if run.returncode != 0:
        sys.exit(f"kubectl exited with {run.returncode}: {run.stderr.decode()[-500:]}")
    return time.perf_counter() - started


def _spread(seconds: list[float]) -> str:
    return f"{min(seconds):8.2f} {statistics.median(seconds):8.2f} {max(seconds):8.2f} s"


def _tell(name: str, text: str) -> None:
    print(f"{name:28} {text}   load {os.getloadavg()[0]:.1f}", flush=True)


def compare(fleet: Fleet, arguments: argparse.Namespace, cache: Path) -> None:
    """Rehearse and apply one fleet in turns, and print both."""
    ours, theirs = [], []
    for _ in range(arguments.rounds):
        ours.append(rehearse(fleet, arguments.elysium, cache).seconds)
        theirs.append(apply(fleet, arguments.kubectl, cache))
    count = len(fleet.objects)
    memory = rehearse(fleet, arguments.elysium, cache, sample=True).memory
    _tell(f"{count} objects: rehearse", f"{_spread(ours)} {1e3 * statistics.median(ours) / count:6.2f} ms an object")
    _tell(f"{count} objects: kubectl", f"{_spread(theirs)} {1e3 * statistics.median(theirs) / count:6.2f} ms an object")
    _tell(f"{count} objects: memory", f"{memory / 1e6:8.0f} MB")
    _tell(f"{count} objects: ratio", f"{statistics.median(theirs) / statistics.median(ours):8.2f}")


def main() -> None:
    """Boot some times, then compare at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kubectl")
    parser.add_argument("--sizes", default="10,100,1000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--boots", type=int, default=5)
    parser.add_argument("--elysium", default=f"{shlex.quote(sys.executable)} -m elysium")
    arguments = parser.parse_args()
    print(f"{'':28}      min   median      max")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        _tell("boot", _spread([boot(cache) for _ in range(arguments.boots)]))
        for size in map(int, arguments.sizes.split(",")):
            compare(make(cache / f"fleet-{size}", size), arguments, cache)


if __name__ == "__main__":
    main()
