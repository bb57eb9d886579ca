"""A control plane for the tests of those who talk to one. `ELYSIUM_CONTROLPLANE` names another one than `build/`'s."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from elysium.cluster.command import Command
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server


@pytest.fixture(scope="session")
def server_binary() -> Command:
    """The control plane of this checkout."""
    named = os.environ.get("ELYSIUM_CONTROLPLANE")
    assert named, "there is no control plane: run ./dev controlplane"
    return (named,)


@pytest.fixture(scope="session")
def replay_command(server_binary: Command) -> Command:
    """The replay of this checkout, or the program that `ELYSIUM_REPLAY` names."""
    named = os.environ.get("ELYSIUM_REPLAY")
    return (named,) if named else (*server_binary, "replay")


@pytest.fixture(scope="module")
def server(server_binary: Command) -> Iterator[Server]:
    """A running control plane with controllers, shared by the tests of a module."""
    with run_directory() as directory, embedded(server_binary, directory.path, lock=directory.lock) as running:
        yield running


@pytest.fixture(scope="module")
def replayer(replay_command: Command, server: Server) -> Iterator[Replayer]:
    """A replay that talks to the module's server."""
    with Replayer(replay_command, server) as running:
        yield running
