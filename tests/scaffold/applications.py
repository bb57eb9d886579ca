"""Repositories with applications: what they stand on, how they are written, and what of them reaches the cluster."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from elysium.api import Options, Request, Scaffolder, Workspace, write_scaffold
from elysium.scaffold import read_settings
from tests.scaffold.harness import CLUSTER, run, scaffold, sources

INFRASTRUCTURE = (
    "new infra kube-prometheus-stack",
    "new infra traefik",
    "new infra cert-manager",
    "new infra tailscale",
    "new infra csi-rclone",
    "new infra intel-gpu",
    "new infra image-automation",
)


@cache
def cluster() -> Path:
    """A repository with everything that an application may need. Nothing may be written into it."""
    return scaffold(Path(tempfile.mkdtemp(prefix="elysium-applications-")) / CLUSTER, *INFRASTRUCTURE)


def copied(place: Path) -> Path:
    """A copy of it to write into."""
    return Path(shutil.copytree(cluster(), place / CLUSTER))


def new(root: Path, command: str) -> tuple[int, str, str]:
    return run(root, f"new app {command} --yes")


def write(root: Path, *commands: str) -> None:
    for command in commands:
        code, out, err = new(root, command)
        assert code == 0, f"{command}: {out}\n{err}"


def write_together(root: Path, *commands: str) -> None:
    """The same in one go, which looks at the repository once."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        scaffolder = Scaffolder.of(workspace)
        for name, *options in map(shlex.split, commands):
            scaffolder.add(Request(kind="app", name=name, answers=read_settings(options[1::2])))
        write_scaffold(scaffolder.result)


def rendered(root: Path) -> dict[str, dict[str, Any]]:
    """The objects that reach the cluster, as KIND/NAMESPACE/NAME."""
    with Workspace(root, options=Options(sources=sources())) as workspace:
        found = [item for unit in workspace.render().units for item in unit.objects]
    return {f"{item.kind}/{item.namespace}/{item.name}": item.body() for item in found}
