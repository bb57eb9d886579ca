"""What a repository says of its clusters: versions, roots, what is made outside, checkouts beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from elysium.api.sourcing import remotes
from elysium.api.workspace import Workspace
from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import Render, group_of
from elysium.sources.urls import normal_git

__all__ = ["External", "Found", "clusters_of", "externals", "hostnames", "local_checkouts", "versions_of"]

_LARGEST = 5 << 20
_FLUX = (
    re.compile(r"^# Flux Version: v(\d+\.\d+)", re.MULTILINE),
    re.compile(r"kind: FluxInstance\b.*?^\s+version:\s*[\"']?v?(\d+\.\d+)", re.MULTILINE | re.DOTALL),
)
_KUBERNETES = (
    re.compile(r"^apiVersion: upgrade\.cattle\.io/.*?^\s+version:\s*[\"']?v(1\.\d+)\.", re.MULTILINE | re.DOTALL),
    re.compile(r"^kind: KubernetesUpgrade\b.*?^\s+version:\s*[\"']?v?(1\.\d+)\.", re.MULTILINE | re.DOTALL),
    re.compile(r"^\s*kubernetesVersion:\s*[\"']?v?(1\.\d+)\.", re.MULTILINE),
    re.compile(r"^\s*k3s_release_version:\s*[\"']?v?(1\.\d+)\.", re.MULTILINE),
)
_MARKS = (
    "# Flux Version:",
    "FluxInstance",
    "upgrade.cattle.io",
    "KubernetesUpgrade",
    "kubernetesVersion:",
    "k3s_release",
)
_NEIGHBOURS = 200


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A value and the file that says it."""

    value: str
    place: str


class External(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Something that nothing in Git makes (`Kind/namespace/name`), and who needs it."""

    name: str
    why: str


def versions_of(workspace: Workspace) -> dict[str, Found]:
    """The minors of `flux` and `kubernetes` that files of the repository name; of several the newest."""
    found: dict[str, Found] = {}
    root = Path(workspace.tree.root)
    for file in workspace.tree.files:
        if not file.endswith((".yaml", ".yml")):
            continue
        text = _text(root / file)
        if any(mark in text for mark in _MARKS):
            for key, patterns in (("flux", _FLUX), ("kubernetes", _KUBERNETES)):
                for match in (match for pattern in patterns for match in pattern.finditer(text)):
                    known = found.get(key)
                    if known is None or _number(match[1]) > _number(known.value):
                        found[key] = Found(value=match[1], place=file)
    return found


def clusters_of(workspace: Workspace) -> list[tuple[str, str]]:
    """Directories of clusters, each with the file that says so (empty where none does)."""
    return [(item.directory, item.defined_at.file if item.defined_at else "") for item in workspace.clusters]


def externals(render: Render) -> list[External]:
    """Secrets that Flux itself needs before it can make anything, and the credentials of secret stores: they can only
    come from outside, unless something in Git makes them.
    """
    found: dict[str, External] = {}
    for name in render.clusters:
        index = ObjectIndex(unit for unit in render.units if unit.id.cluster == name)
        for kind, namespace, secret, why in _credentials(index):
            there = index.find("", kind, namespace, secret) or index.produced.get((namespace, secret))
            if not there and "$" not in secret:
                found.setdefault(f"{kind}/{namespace}/{secret}", External(name=f"{kind}/{namespace}/{secret}", why=why))
    return sorted(found.values())


def hostnames(render: Render) -> list[str]:
    """The nodes that pods name."""
    found: set[str] = set()
    for name in render.clusters:
        index = ObjectIndex(unit for unit in render.units if unit.id.cluster == name)
        for workload in workloads(index):
            wanted = mapping(workload.spec.get("nodeSelector")).get("kubernetes.io/hostname")
            found |= {wanted} if isinstance(wanted, str) else set()
    return sorted(found)


def local_checkouts(workspace: Workspace) -> list[tuple[str, str]]:
    """Git sources of the repository of which there is a checkout beside it: address and relative path."""
    wanted = {normal_git(url): url for url in _git_urls(workspace.render())}
    found: list[tuple[str, str]] = []
    for neighbour in _neighbours(workspace.root):
        for url in remotes(neighbour):
            if normal_git(url) in wanted:
                found.append((wanted[normal_git(url)], os.path.relpath(neighbour, workspace.root)))
    return sorted(found)


def _credentials(index: ObjectIndex) -> Iterator[tuple[str, str, str, str]]:
    for unit in index.units:
        for item in unit.objects:
            group, spec = group_of(item.api_version), mapping(index.body(item).get("spec"))
            if group == "source.toolkit.fluxcd.io":
                yield from _named(spec.get("secretRef"), item.namespace, f"the credentials of {item}")
            elif group == "kustomize.toolkit.fluxcd.io":
                reference = mapping(spec.get("decryption")).get("secretRef")
                yield from _named(reference, item.namespace, f"the key with which {item} decrypts")
            elif group == "external-secrets.io" and item.kind in ("SecretStore", "ClusterSecretStore"):
                for reference in _references(spec.get("provider")):
                    namespace = str(reference.get("namespace") or item.namespace)
                    if namespace:
                        yield from _named(reference, namespace, f"the credentials of {item}")


def _named(reference: Any, namespace: str, why: str) -> Iterator[tuple[str, str, str, str]]:
    name = mapping(reference).get("name")
    if isinstance(name, str) and name:
        yield "Secret", namespace, name, why


def _references(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Everything below a provider that refers to a key of a Secret."""
    if depth > 8:
        return
    for key, inner in mapping(value).items():
        if str(key).endswith(("SecretRef", "secretRef")) and mapping(inner).get("name"):
            yield mapping(inner)
        yield from _references(inner, depth + 1)
    for inner in sequence(value):
        yield from _references(inner, depth + 1)


def _git_urls(render: Render) -> Iterator[str]:
    for unit in render.units:
        for item in unit.objects:
            if item.kind == "GitRepository" and group_of(item.api_version) == "source.toolkit.fluxcd.io":
                url = mapping(item.body().get("spec")).get("url")
                if isinstance(url, str):
                    yield url


def _neighbours(root: Path) -> Iterator[Path]:
    try:
        listed = sorted(path for path in root.parent.iterdir() if path != root and (path / ".git").exists())
    except OSError:
        return
    yield from listed[:_NEIGHBOURS]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
