"""What cannot be meant, although it has the right type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from elysium.settings.schema import FLUX_VERSIONS, ClusterSettings, Ignore, NodeSettings, Settings

__all__ = ["complaints", "record_of"]

Path = tuple[str | int, ...]
Complaint = tuple[Path, str, str]

_MOST_NODES = 5_000  # what Kubernetes itself is made for: kubernetes.io/docs/setup/best-practices/cluster-large
_FAIL_ON = ("error", "warning", "unknown")
_MINOR = re.compile(r"1\.\d+(\.\d+)?")
_QUANTITY = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(m|k|[KMGTPE]i?)?")
_TAINT = re.compile(r"[^\s=:]+(=[^\s=:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")


def complaints(settings: Settings) -> Iterator[Complaint]:
    """Path of the setting, what is wrong with it, and what is allowed."""
    yield from _of_versions((), settings.flux, settings.kubernetes)
    yield from _of_external((), settings.external)
    if settings.fail_on not in _FAIL_ON:
        yield ("fail-on",), f"`fail-on` cannot be {settings.fail_on!r}", f"use one of {', '.join(_FAIL_ON)}"
    for name in settings.clusters:
        if not _is_inside(name):
            yield ("clusters",), f"`clusters` holds {name!r}", "name directories relative to the repository's root"
    for name, cluster in settings.cluster.items():
        yield from _of_cluster(("cluster", name), cluster)
    for index, ignore in enumerate(settings.ignore):
        yield from _of_ignore(("ignore", index), ignore)


def record_of(path: Path) -> type[msgspec.Struct]:
    """The record that a path leads into: its fields are what is allowed there."""
    if path[:1] == ("ignore",) and len(path) > 1:
        return Ignore
    if path[:1] == ("cluster",) and len(path) > 2:
        return NodeSettings if path[2] == "nodes" and len(path) > 4 else ClusterSettings
    return Settings


def _is_inside(name: str) -> bool:
    """Whether a path stays in the repository."""
    return not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts


def _of_versions(path: Path, flux: str, kubernetes: str) -> Iterator[Complaint]:
    if flux and flux not in FLUX_VERSIONS:
        yield (*path, "flux"), f"Flux {flux} is not known", f"use one of {', '.join(FLUX_VERSIONS)}"
    if kubernetes and not _MINOR.fullmatch(kubernetes):
        yield (*path, "kubernetes"), f"Kubernetes {kubernetes} is no version", "write it as 1.36"


def _of_external(path: Path, names: tuple[str, ...]) -> Iterator[Complaint]:
    for text in names:
        if text.count("/") != 2 or not all(text.split("/")[::2]):  # what belongs to the cluster has no namespace
            hint = "write Kind/namespace/name, for example Secret/flux-system/sops-age"
            yield (*path, "external"), f"`external` holds {text!r}", hint


def _of_cluster(path: Path, cluster: ClusterSettings) -> Iterator[Complaint]:
    yield from _of_versions(path, cluster.flux, cluster.kubernetes)
    yield from _of_external(path, cluster.external)
    for index, node in enumerate(cluster.nodes):
        yield from _of_node((*path, "nodes", index), node)
    if cluster.snapshot and not _is_inside(cluster.snapshot):
        yield (*path, "snapshot"), f"`snapshot` cannot be {cluster.snapshot!r}", "name a file relative to elysium.toml"
    if sum(node.count for node in cluster.nodes) > _MOST_NODES:
        hint = f"Kubernetes is made for up to {_MOST_NODES:,} nodes"
        yield (*path, "nodes", 0), f"more than {_MOST_NODES:,} nodes", hint


def _of_node(path: Path, node: NodeSettings) -> Iterator[Complaint]:
    for text in (node.cpu, node.memory, node.ephemeral_storage, *node.extended.values()):
        if text and not _QUANTITY.fullmatch(text):
            hint = "write it as Kubernetes does: 4, 500m, 16Gi"
            yield path, f"node {node.name} has the quantity {text!r}", hint
    for taint in node.taints:
        if not _TAINT.fullmatch(taint):
            hint = "write key=value:NoSchedule, PreferNoSchedule or NoExecute"
            yield path, f"node {node.name} has the taint {taint!r}", hint
    if node.count < 1 or node.pods < 0:
        hint = "both are whole numbers, `count` at least 1"
        yield path, f"node {node.name} cannot have this `count` or `pods`", hint


def _of_ignore(path: Path, ignore: Ignore) -> Iterator[Complaint]:
    if not ignore.reason.strip():
        yield (*path, "reason"), "the reason is empty", "say why this is accepted"
    if ignore.object and not 1 <= ignore.object.count("/") <= 2:
        hint = "write Kind/namespace/name; parts may be patterns, such as Secret/*/login"
        yield (*path, "object"), f"`object` cannot be {ignore.object!r}", hint
