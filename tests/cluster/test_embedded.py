"""A control plane of our own: it starts, says what it is, and leaves nothing, however it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from elysium.cluster import kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.command import Command
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.server import Server
from elysium.errors import ClusterError
from tests.cluster.traces import SOURCE, listens, processes_in, until

PARENT = """
import sys, time
from pathlib import Path
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
root, binary = sys.argv[1:]
with run_directory(Path(root)) as directory, embedded((binary,), directory.path, lock=directory.lock) as server:
    print(server.url, flush=True)
    time.sleep(600)
"""


def test_a_server_says_what_it_is_and_answers(server: Server) -> None:
    assert server.url.startswith("https://127.0.0.1:")
    assert server.version.startswith("v1.")
    assert server.controllers
    assert server.kubeconfig.stat().st_mode & 0o077 == 0
    with Asker(kubeconfig.load(server.kubeconfig, "rehearsal")) as asker:
        assert asker.answers()
        assert asker.version() == server.version
        assert ("", "kube-system") in list(asker.names("/api/v1/namespaces"))
        assert not asker.has("/api/v1/namespaces/default/configmaps/nothing")


def test_a_stranger_is_not_let_in(server: Server) -> None:
    access = kubeconfig.load(server.kubeconfig, "rehearsal")
    with Asker(kubeconfig.Access(url=access.url, authority=access.authority, token="guessed")) as asker:
        assert not asker.answers()
        with pytest.raises(ClusterError, match="Unauthorized"):
            asker.version()


@pytest.mark.timeout(600)
def test_twenty_in_a_row_leave_nothing(server_binary: Command, tmp_path: Path) -> None:
    """Most of them are given up in the middle of their start, each a little later than the one before."""
    for number in range(20):
        patience = 60 if number % 5 == 4 else number / 20
        url = ""
        with (
            run_directory(tmp_path) as directory,
            contextlib.suppress(ClusterError),
            embedded(server_binary, directory.path, seconds=patience, lock=directory.lock) as running,
        ):
            url = running.url
            assert listens(url)
        assert bool(url) or patience < 60
        assert not url or not listens(url)
        assert list(tmp_path.iterdir()) == []
        assert processes_in(tmp_path) == []


@pytest.mark.timeout(300)
def test_two_at_once_do_not_meet(server_binary: Command, tmp_path: Path) -> None:
    def run(_: int) -> tuple[str, str]:
        with (
            run_directory(tmp_path) as directory,
            embedded(server_binary, directory.path, lock=directory.lock) as running,
            Asker(kubeconfig.load(running.kubeconfig, "rehearsal")) as asker,
        ):
            return running.url, asker.version()

    with ThreadPoolExecutor(2) as pool:
        (first, version), (second, same) = pool.map(run, range(2))
    assert first != second
    assert version == same
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_is_killed_takes_the_server_along(server_binary: Command, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), *server_binary],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert listens(url)
        parent.send_signal(signal.SIGKILL)
    until(lambda: not listens(url) and not processes_in(tmp_path) and not list(tmp_path.iterdir()))


def test_a_server_that_is_killed_is_noticed_and_cleared_away(server_binary: Command, tmp_path: Path) -> None:
    with run_directory(tmp_path) as directory, embedded(server_binary, directory.path, lock=directory.lock) as running:
        [process] = processes_in(tmp_path)
        os.kill(process, signal.SIGKILL)
        until(lambda: not listens(running.url))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_start_says_why(server_binary: Command, tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir()
    (directory / "something").write_text("mine")
    with pytest.raises(ClusterError, match=r"ended before it was ready.*is not empty"):
        embedded(server_binary, directory).__enter__()


def test_a_program_that_is_no_control_plane_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="cannot be started"):
        embedded((str(tmp_path / "missing"),), tmp_path / "run").__enter__()
    with pytest.raises(ClusterError, match="did not say that it is ready"):
        embedded(("/bin/echo", "hello"), tmp_path / "run").__enter__()
    with pytest.raises(ClusterError, match=r"ended before it was ready.*exit code 1"):
        embedded(("/bin/false",), tmp_path / "run").__enter__()


def test_a_server_that_is_too_slow_is_given_up(tmp_path: Path) -> None:
    script = tmp_path / "slow"
    script.write_text("#!/bin/sh\necho 'F1122 stuck on purpose' >&2\nexec sleep 600\n")
    script.chmod(0o755)
    started = time.monotonic()
    with pytest.raises(ClusterError, match=r"not ready within 0\.5 s.*stuck on purpose"):
        embedded((str(script),), tmp_path / "run", seconds=0.5).__enter__()
    assert time.monotonic() - started < 5
    assert processes_in(tmp_path / "run") == []
