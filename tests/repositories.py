"""Little repositories for tests, written from texts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

__all__ = ["CLUSTER", "config_map", "files_of", "helm_release", "kustomization", "write_repository"]

CLUSTER = "clusters/test"


def write_repository(root: Path, files: Mapping[str, str]) -> Path:
    """Write files (dedented) below `root`."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text).lstrip("\n"))
    return root


def files_of(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its content: to see what changed."""
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def kustomization(name: str, path: str, extra: str = "") -> str:
    """A Flux Kustomization in flux-system; `extra` is YAML of its spec."""
    text = f"""\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 1h
  path: {path}
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
    return text + textwrap.indent(textwrap.dedent(extra), "  ")


def helm_release(name: str, namespace: str, chart: str, extra: str = "") -> str:
    """A HelmRelease whose chart stands in the repository; `extra` is YAML of its spec."""
    text = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  interval: 1h
  chart:
    spec:
      chart: {chart}
      sourceRef: {{kind: GitRepository, name: flux-system, namespace: flux-system}}
"""
    return text + textwrap.indent(textwrap.dedent(extra), "  ")


def config_map(name: str, namespace: str, data: str) -> str:
    """A ConfigMap; `data` is a YAML flow mapping."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\ndata: {data}\n"
