"""Rehearsals in a row and at once, some killed: no process, port, file or mount is left behind.

`ELYSIUM_REHEARSALS` says how many there are in a row (5 by default, each killed in another way), and
`ELYSIUM_REHEARSALS_AT_ONCE` how many at once.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.traces import SOURCE, until
from tests.gitting import commit
from tests.repositories import CLUSTER, config_map, kustomization, write_repository

SYNC = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 5m, ref: {branch: main}, url: "https://git.example.com/cases.git"}
---
""" + kustomization("flux-system", f"./{CLUSTER}")
KILLS = (
    ("elysium", signal.SIGKILL),
    ("serve", signal.SIGKILL),
    ("replay", signal.SIGKILL),
    ("elysium", signal.SIGTERM),
    ("elysium", signal.SIGINT),
)
ROWS = int(os.environ.get("ELYSIUM_REHEARSALS", "5"))
AT_ONCE = int(os.environ.get("ELYSIUM_REHEARSALS_AT_ONCE", "3"))


class Place:
    """A repository, and a directory for temporary files by which everything of a run is recognised."""

    def __init__(self, root: Path) -> None:
        self.repository = root / "repository"
        self.temporary = root / "temporary"
        self.cache = root / "cache"
        self.temporary.mkdir()

    def start(self) -> subprocess.Popen[str]:
        """A rehearsal of the last commit."""
        environment = {**os.environ, "TMPDIR": str(self.temporary), "ELYSIUM_CACHE": str(self.cache)}
        return subprocess.Popen(
            [sys.executable, "-m", "elysium", "rehearse", "HEAD~1", "HEAD", "--repo", str(self.repository)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment, "PYTHONPATH": str(SOURCE)},
        )

    def processes(self) -> dict[int, str]:
        """Whatever has the directory in its environment, with its command line. A dead one has no environment."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"TMPDIR={self.temporary}\0".encode() in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        return found

    def ports(self) -> set[int]:
        """The ports on which these processes listen."""
        inodes = {inode for process in self.processes() for inode in _sockets(process)}
        rows = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()]
        return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and row[9] in inodes}

    def await_end(self) -> None:
        """Wait until all processes are gone, and say which are not."""
        deadline = time.monotonic() + 30
        while left := self.processes():
            assert time.monotonic() < deadline, left
            time.sleep(0.05)

    def files(self) -> list[str]:
        """What is in the directory for temporary files."""
        return sorted(path.name for path in self.temporary.iterdir())

    def partial(self) -> list[str]:
        """What is in the cache and is no entry of it."""
        return [path.name for path in self.cache.rglob("*") if path.name.startswith("tmp") or path.suffix == ".tmp"]


def _sockets(process: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{process}/fd").glob("*"):
        with contextlib.suppress(OSError):
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                yield target[len("socket:[") : -1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place(tmp_path_factory.mktemp("nothing"))
    common = {f"{CLUSTER}/flux-system/gotk-sync.yaml": SYNC, f"{CLUSTER}/web.yaml": kustomization("web", "./apps")}
    for value in ("one", "two"):
        write_repository(made.repository, {**common, "apps/all.yaml": config_map("web", "default", f"{{a: {value}}}")})
        commit(made.repository, value)
    return made


def ends(run: subprocess.Popen[str], code: int | None) -> str:
    """What a rehearsal says on stderr when it has ended, with a code if that is known."""
    said, words = run.communicate(timeout=120)
    assert code is None or run.returncode == code, (run.returncode, said, words)
    assert "Traceback" not in said + words, words
    return words


def victim(place: Place, run: subprocess.Popen[str], whom: str) -> Callable[[], int | None]:
    """Finds the process that is to die."""
    if whom == "elysium":
        return lambda: run.pid
    marks = {"serve": " serve --directory", "replay": " replay --kubeconfig"}
    return lambda: next((pid for pid, line in place.processes().items() if marks[whom] in line), None)


def kill(place: Place, run: subprocess.Popen[str], whom: str, how: signal.Signals, moment: float) -> None:
    """Kill one process of a rehearsal, `moment` seconds after it is there."""
    look = victim(place, run, whom)
    until(lambda: look() or run.poll() is not None, 90)
    time.sleep(moment)
    found = look()
    if found is not None and run.poll() is None:
        os.kill(found, how)


def test_at_once_and_one_of_them_killed(place: Place) -> None:
    runs = [place.start() for _ in range(AT_ONCE)]
    try:
        until(lambda: sum(" serve --directory" in line for line in place.processes().values()) == AT_ONCE, 90)
        runs[0].kill()
        for run in runs[1:]:
            ends(run, 0)
        place.await_end()
        assert place.files() == []
    finally:
        for run in runs:
            run.kill()
            run.communicate()


def test_one_after_the_other(place: Place) -> None:
    mounts = Path("/proc/self/mounts").read_text()
    chance = random.Random(7)
    for number in range(ROWS):
        whom, how = KILLS[number % len(KILLS)]
        with place.start() as run:
            kill(place, run, whom, how, chance.uniform(0, 3.5 if whom == "elysium" else 0.8))
            words = ends(run, None)
            assert run.returncode in (0, 2, 130, -how), (whom, how, run.returncode, words)
        place.await_end()
    with place.start() as run:  # takes along what was left by those that could not say yet whose it is
        until(lambda: place.ports() or run.poll() is not None)
        assert place.ports()
        ends(run, 0)
    assert (place.processes(), place.ports(), place.files(), place.partial()) == ({}, set(), [], [])
    assert Path("/proc/self/mounts").read_text() == mounts
