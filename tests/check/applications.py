"""A repository with one application, and what a check finds in it."""

from __future__ import annotations

from pathlib import Path

from elysium.api import Workspace
from elysium.model import Finding
from tests.repositories import CLUSTER, kustomization, write_repository

__all__ = ["BOOTSTRAP", "NAMESPACE", "application", "findings"]

BOOTSTRAP = f"""
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: {{name: flux-system, namespace: flux-system}}
    spec: {{interval: 1h, url: "https://git.example.org/home", ref: {{branch: main}}}}
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {{name: flux-system, namespace: flux-system}}
    spec:
      interval: 1h
      path: ./{CLUSTER}
      prune: true
      sourceRef: {{kind: GitRepository, name: flux-system}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n---\n"


def findings(root: Path, *rules: str) -> list[Finding]:
    with Workspace(root) as workspace:
        return list(workspace.check(rules=rules).findings)


def application(root: Path, text: str) -> Path:
    """A repository with one application, whose objects are `text`."""
    files = {
        f"{CLUSTER}/flux-system/gotk-sync.yaml": BOOTSTRAP,
        f"{CLUSTER}/apps.yaml": kustomization("apps", "./apps"),
        "apps/app.yaml": NAMESPACE + text,
    }
    return write_repository(root, files)
