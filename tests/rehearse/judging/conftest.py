"""A control plane for each module that wants one, with a replay."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.replay import Replayer

BUILD = Path(__file__).resolve().parents[3] / "build"


def program(name: str) -> str:
    binary = Path(os.environ.get(name.upper().replace("-", "_")) or BUILD / name)
    assert binary.is_file(), f"there is no {name}: run scripts/build_controlplane.py"
    return str(binary)


@pytest.fixture(scope="module")
def replayer() -> Iterator[Replayer]:
    """A replay that talks to a control plane of the module's own, empty at first."""
    with (
        run_directory() as directory,
        embedded((program("elysium-controlplane"),), directory.path, lock=directory.lock) as server,
        Replayer((program("elysium-controlplane"), "replay"), server) as running,
    ):
        yield running
