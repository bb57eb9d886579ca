"""Choose an API server for a rehearsal, and a replay that talks to it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import msgspec

from elysium.cluster import binaries
from elysium.cluster.assets import from_assets
from elysium.cluster.building import Notice
from elysium.cluster.disposable import MARKER_OBJECT, disposable
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.protocol import Action, Entries
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.errors import ClusterError

__all__ = ["open_server"]


def open_server(
    stack: ExitStack, cache: Path, *, context: str = "", controllers: bool = True, notice: Notice
) -> tuple[Server, Replayer]:
    """A server that may be filled, and its replay; both end with `stack`.

    The cluster of `context` if one is named; else our own control plane; else, where that would have to be built, the
    programs of `KUBEBUILDER_ASSETS`. Raises ClusterError when there is none, or when it must not be used.
    """
    if context:
        return _existing(stack, cache, context, notice)
    assets = os.environ.get("KUBEBUILDER_ASSETS", "")
    command = binaries.existing_control_plane(cache)
    if command is None and not assets:
        command = binaries.control_plane(cache, notice)
    replay = binaries.replayer(cache, notice)
    directory = stack.enter_context(run_directory())
    notice("starting the control plane", 0, 0)
    if command is None:
        server = stack.enter_context(from_assets(Path(assets).absolute(), directory.path, lock=directory.lock))
    else:
        server = stack.enter_context(embedded(command, directory.path, controllers=controllers, lock=directory.lock))
    return server, stack.enter_context(Replayer(replay, server))


def _existing(stack: ExitStack, cache: Path, context: str, notice: Notice) -> tuple[Server, Replayer]:
    """Judge the cluster before anything is built, and mark it before anything is put there."""
    server = disposable(context)
    replayer = stack.enter_context(Replayer(binaries.replayer(cache, notice), server))
    marked = replayer.call("create", {"objects": [MARKER_OBJECT]}, Entries)
    for entry in marked.entries:
        if entry.action is Action.REJECTED:
            raise ClusterError(entry.message, subject=f"--context {context}", hint="name a cluster that you may fill")
    return msgspec.structs.replace(server, controllers=replayer.handshake.controllers), replayer
