"""Directories of runs: gone with their run, and with the next run when theirs was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from elysium.cluster.leftovers import run_directory
from elysium.errors import ClusterError
from tests.cluster.traces import SOURCE

PARENT = """
import subprocess, sys, time
from pathlib import Path
from elysium.cluster.leftovers import run_directory
with run_directory(Path(sys.argv[1])) as directory:
    (directory.path / "data").mkdir()
    (directory.path / "data" / "file").write_text("x")
    child = subprocess.Popen(["sleep", sys.argv[2]], pass_fds=[directory.lock], stdout=subprocess.DEVNULL)
    print(directory.path, child.pid, flush=True)
    time.sleep(600)
"""


def killed_run(root: Path, seconds: str = "0") -> tuple[Path, int]:
    """The directory of a run that was killed, and its child, which lives for some seconds."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(root), seconds],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as parent:
        assert parent.stdout is not None
        path, child = parent.stdout.readline().split()
        parent.send_signal(signal.SIGKILL)
    return Path(path), int(child)


def test_a_directory_is_private_empty_and_gone_at_the_end(tmp_path: Path) -> None:
    with run_directory(tmp_path) as directory:
        assert list(tmp_path.iterdir()) == [directory.path]
        assert list(directory.path.iterdir()) == []
        assert directory.path.stat().st_mode & 0o077 == 0
        (directory.path / "file").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_it_is_among_the_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with run_directory() as directory:
        assert directory.path.parent == tmp_path


def test_the_next_run_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    left, _ = killed_run(tmp_path)
    time.sleep(0.1)
    assert (left / "data" / "file").is_file()
    with run_directory(tmp_path) as directory:
        assert list(tmp_path.iterdir()) == [directory.path]


def test_what_a_process_of_the_run_still_uses_stays(tmp_path: Path) -> None:
    left, child = killed_run(tmp_path, "600")
    with run_directory(tmp_path):
        assert (left / "data" / "file").is_file()
    os.kill(child, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while left.exists():
        assert time.monotonic() < deadline
        with run_directory(tmp_path):
            pass


def test_runs_that_live_are_left_alone(tmp_path: Path) -> None:
    def run(number: int) -> None:
        with run_directory(tmp_path) as directory:
            (directory.path / "mine").write_text(str(number))
            time.sleep(0.01)
            assert (directory.path / "mine").read_text() == str(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(80)))
    assert list(tmp_path.iterdir()) == []


def test_what_only_looks_like_a_run_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "elysium-run-link").symlink_to(elsewhere)
    (root / "elysium-run-file").write_text("x")
    (root / "elysium-new-young").mkdir()
    (root / "other").mkdir()
    with run_directory(root):
        pass
    assert (elsewhere / "file").is_file()
    assert sorted(path.name for path in root.iterdir()) == [
        "elysium-new-young",
        "elysium-run-file",
        "elysium-run-link",
        "other",
    ]


def test_where_nothing_can_be_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="no directory for the rehearsal") as raised:
        run_directory(tmp_path / "missing").__enter__()
    assert "TMPDIR" in raised.value.hint
