"""What the fixture `control_plane` gives to tests."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from elysium.cluster.building import Notice
from elysium.cluster.opening import open_server
from elysium.cluster.protocol import Action, Entries, Entry, Readiness, Reference
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.sources.cache import default_directory

__all__ = ["ControlPlane", "Refused", "start"]

Manifest = dict[str, Any]

_AMOUNTS = {"cpu": "16", "memory": "64Gi", "ephemeral-storage": "500Gi", "pods": "110"}


class Refused(AssertionError):
    """The API server refused an object; the message is its own."""


class _Objects(msgspec.Struct, frozen=True, kw_only=True):
    objects: tuple[dict[str, Any] | None, ...]


class ControlPlane:
    """A running API server, shared by the tests of a session: each makes a namespace of its own.

    `kubeconfig` is for clients of Kubernetes; `replayer` speaks docs/replay-protocol.md for what the verbs here do not.
    """

    def __init__(self, server: Server, replayer: Replayer) -> None:
        self.server = server
        self.replayer = replayer

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig, which is gone at the end of the session."""
        return self.server.kubeconfig

    @contextlib.contextmanager
    def namespace(self, prefix: str = "test") -> Iterator[str]:
        """A fresh namespace, deleted at the end with all that is in it."""
        name = f"{prefix}-{secrets.token_hex(4)}"
        content = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        self.create(content)
        try:
            yield name
        finally:
            self.delete(content)

    def add_node(self, name: str, amounts: dict[str, str] | None = None, labels: dict[str, str] | None = None) -> None:
        """Add a simulated node of 16 processors and 64 Gi of memory; `amounts` says what else it has, or how much."""
        has = _AMOUNTS | (amounts or {})
        metadata = {"name": name, "labels": {"kubernetes.io/hostname": name} | (labels or {})}
        status = {"capacity": has, "allocatable": has}
        self.create({"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status})

    def create(self, *objects: Manifest) -> tuple[Entry, ...]:
        """Put objects there, in this order. Raises Refused with the server's message when it takes one of them not."""
        entries = self.replayer.call("create", {"objects": objects}, Entries).entries
        for entry in entries:
            if entry.action is Action.REJECTED:
                raise Refused(entry.message)
        return entries

    def delete(self, *objects: Manifest) -> None:
        """Delete objects and wait until they are gone."""
        self.replayer.call("delete", {"objects": [_reference(content) for content in objects]}, Entries)

    def get(self, content: Manifest) -> Manifest | None:
        """An object as the server holds it, with all its defaults, or None."""
        [found] = self.replayer.call("get", {"objects": [_reference(content)]}, _Objects).objects
        return found

    def ready(self, *objects: Manifest, seconds: float = 30) -> Readiness:
        """Wait until the objects are ready, or until nothing moves any more; says which are not and why."""
        asked = {"objects": [_reference(content) for content in objects], "quiet": 3000, "limit": int(seconds * 1000)}
        return self.replayer.call("ready", asked, Readiness)


def start(stack: ExitStack, notice: Notice) -> ControlPlane:
    """Start a control plane with one node that ends with `stack`; its binary is kept in the cache."""
    running = ControlPlane(*open_server(stack, default_directory(), notice=notice))
    running.add_node("node-1")
    return running


def _reference(content: Manifest) -> Reference:
    group, _, version = content["apiVersion"].rpartition("/")
    metadata = content["metadata"]
    return Reference(
        group=group,
        version=version,
        kind=content["kind"],
        namespace=metadata.get("namespace", ""),
        name=metadata["name"],
    )
