"""A control plane that the tests of a module share, and a repository that is rendered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from elysium.api import Workspace
from elysium.cluster.embedded import embedded
from elysium.cluster.leftovers import run_directory
from elysium.cluster.protocol import Action, Entries, Entry
from elysium.cluster.replay import Replayer
from elysium.cluster.server import Server
from elysium.model import Render
from elysium.rehearse.facts import Facts, Snapshot, gather
from tests.repositories import CLUSTER, kustomization, write_repository

ROOT = Path(__file__).resolve().parents[3]

Gathered = Callable[..., Facts]
"""The facts of a repository, made of the files of `apps/` in each revision."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    binary = os.environ.get("ELYSIUM_CONTROLPLANE") or str(ROOT / "build" / "elysium-controlplane")
    with run_directory() as directory, embedded((binary,), directory.path, lock=directory.lock) as running:
        yield running


@pytest.fixture(scope="module")
def replayer(server: Server) -> Iterator[Replayer]:
    binary = os.environ.get("ELYSIUM_CONTROLPLANE") or str(ROOT / "build" / "elysium-controlplane")
    with Replayer((binary, "replay"), server, parallel=8) as running:
        yield running


@pytest.fixture
def gathered(repository: Path) -> Gathered:
    """Write and render each revision, and gather the facts."""

    def gathering(
        *revisions: Mapping[str, str], settings: str = "", snapshot: Snapshot | None = None, spec: str = ""
    ) -> Facts:
        renders: list[Render] = []
        for number, files in enumerate(revisions):
            root = repository / str(number)
            sync = kustomization("flux-system", f"./{CLUSTER}", spec)
            common = {"elysium.toml": settings, f"{CLUSTER}/flux-system/gotk-sync.yaml": sync}
            placed = {name if "/" in name else f"{CLUSTER}/{name}": text for name, text in files.items()}
            write_repository(root, common | placed)
            with Workspace(root) as workspace:
                renders.append(workspace.render())
        with Workspace(repository / "0") as workspace:
            ask = workspace.pool.call
            return gather(CLUSTER, renders, workspace.settings, snapshot, ask, root=repository / "0")

    return gathering


def created(replayer: Replayer, facts: Facts) -> list[Entry]:
    """What the server says of the objects of the facts that it refuses."""
    objects = [msgspec.Raw(raw) for raw in facts.objects]
    answer = replayer.call("create", {"objects": objects}, Entries)
    return [entry for entry in answer.entries if entry.action is Action.REJECTED]
