"""Choose an API server for a rehearsal, and a replay that talks to it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from elysium.cluster import binaries
from elysium.cluster.building import Notice
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server

__all__ = ["open_server"]


def open_server(
    stack: ExitStack, cache: Path, *, context: str = "", controllers: bool = True, notice: Notice
) -> tuple[Server, Replayer]:
    """A server that may be filled, and its replay; both end with `stack`."""
    server = _embedded(stack, cache, controllers, notice)
    return server, stack.enter_context(Replayer(binaries.replayer(cache, notice), server))


def _embedded(stack: ExitStack, cache: Path, controllers: bool, notice: Notice) -> Server:
    command = binaries.control_plane(cache, notice)
    directory = stack.enter_context(run_directory())
    notice("starting the control plane", 0, 0)
    return stack.enter_context(embedded(command, directory.path, controllers=controllers, lock=directory.lock))
