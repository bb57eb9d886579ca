"""Checks as a plan writes them, asked of real repositories."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from elysium.api import Options, Workspace
from elysium.api.plan_world import PlanWorld
from elysium.plans import checks, words
from elysium.plans.results import Outcome
from tests.gitting import git

TODAY = datetime.date(2026, 11, 20)

CLUSTER = {
    "clusters/demo/flux-system/gotk-sync.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 1m
  url: https://git.example.com/demo.git
  ref: {branch: main}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/demo
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
""",
    "clusters/demo/apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 10m
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
""",
    "apps/kustomization.yaml": "resources: [namespace.yaml, release.yaml]\n",
    "apps/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: wiki}\n",
    "apps/release.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: wiki, namespace: wiki}
spec: {interval: 1h, url: "https://charts.example.com"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: wiki, namespace: wiki}
spec:
  interval: 1h
  chart:
    spec:
      chart: wiki
      version: 1.2.3
      sourceRef: {kind: HelmRepository, name: wiki}
""",
}
"""A cluster whose one release cannot be known here: its chart is elsewhere."""


def ask(world: PlanWorld, text: str) -> Outcome:
    """The result of a check as it stands in a plan."""
    return checks.run(checks.read(words.split(text), "PLAN.md:1"), world)


def result(world: PlanWorld, text: str) -> str:
    """`pass`, `fail` or `unknown`."""
    return ask(world, text).result.value


def write(root: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@contextlib.contextmanager
def opened(root: Path, *, allow_commands: bool = False, live: bool = False) -> Iterator[PlanWorld]:
    """What checks see of a repository."""
    with Workspace(root, options=Options(plain=True)) as workspace:
        world = PlanWorld(workspace, allow_commands=allow_commands, live=live)
        world.today = TODAY
        yield world


def copied(example: Path, root: Path) -> Path:
    """An example in a git repository of its own."""
    shutil.copytree(example, root)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root
