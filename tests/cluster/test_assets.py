"""The programs of KUBEBUILDER_ASSETS: here the control plane under their names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.cluster import kubeconfig
from elysium.cluster.asking import Asker
from elysium.cluster.assets import PROGRAMS, from_assets
from elysium.cluster.command import Command
from elysium.cluster.leftovers import run_directory
from elysium.cluster.protocol import Action, Entries
from elysium.cluster.replay import Replayer
from elysium.errors import ClusterError
from tests.cluster.traces import SOURCE, listens, processes_in, until

PARENT = """
import sys, time
from pathlib import Path
from elysium.cluster.assets import from_assets
from elysium.cluster.leftovers import run_directory
root, assets = map(Path, sys.argv[1:])
with run_directory(root) as directory, from_assets(assets, directory.path, lock=directory.lock) as server:
    print(server.url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def assets(server_binary: Command, tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    for name in PROGRAMS:
        (folder / name).symlink_to(server_binary[0])
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder for run directories, of which nothing may be left at the end."""
    folder = tmp_path / "runs"
    folder.mkdir()
    yield folder
    until(lambda: not processes_in(folder))
    assert list(folder.iterdir()) == []


def test_they_serve_without_controllers(assets: Path, runs: Path, replay_command: Command) -> None:
    with run_directory(runs) as directory:
        with from_assets(assets, directory.path, lock=directory.lock) as server:
            assert not server.controllers
            assert server.version.startswith("v1.")
            assert all(path.stat().st_mode & 0o077 == 0 for path in directory.path.glob("*[yv]"))
            with Asker(kubeconfig.load(server.kubeconfig, "rehearsal")) as asker:
                assert ("", "default") in list(asker.names("/api/v1/namespaces"))
            with Replayer(replay_command, server) as replayer:
                assert not replayer.handshake.controllers
                settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}
                [entry] = replayer.call("create", {"objects": [settings]}, Entries).entries
                assert entry.action is Action.CREATED
        assert not listens(server.url)


def test_a_parent_that_is_killed_takes_them_along(assets: Path, runs: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(runs), str(assets)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert listens(url)
        parent.send_signal(signal.SIGKILL)
    until(lambda: not listens(url) and not processes_in(runs) and not list(runs.iterdir()))


def test_a_watchdog_that_is_killed_takes_them_along(assets: Path, runs: Path) -> None:
    with run_directory(runs) as directory, from_assets(assets, directory.path, lock=directory.lock) as server:
        [watchdog] = [number for number in processes_in(runs) if b"watchdog.py" in command_line(number)]
        os.kill(watchdog, signal.SIGKILL)
        until(lambda: not listens(server.url) and not processes_in(runs))


def command_line(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def test_programs_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no etcd here") as raised:
        from_assets(tmp_path, tmp_path / "run").__enter__()
    assert str(tmp_path) in raised.value.subject


def test_a_program_that_ends_is_an_error_with_its_words(assets: Path, runs: Path) -> None:
    (assets / "etcd").unlink()
    (assets / "etcd").write_text("#!/bin/sh\necho 'fatal: no room' >&2\nexit 3\n")
    (assets / "etcd").chmod(0o755)
    with run_directory(runs) as directory, pytest.raises(ClusterError, match=r"ended before it was ready.*no room"):
        from_assets(assets, directory.path).__enter__()


def test_programs_that_are_too_slow_are_given_up(assets: Path, runs: Path) -> None:
    with run_directory(runs) as directory, pytest.raises(ClusterError, match=r"not ready within 0\.3 s"):
        from_assets(assets, directory.path, seconds=0.3).__enter__()
