"""Which clusters a repository describes, and the root from which Flux reconciles each."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from elysium.errors import RepositoryError
from elysium.model import Documents, Position

__all__ = ["Cluster", "artifact_root", "candidate_files", "find_clusters"]

_KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
_SOURCE = "source.toolkit.fluxcd.io"
_INSTANCE = "fluxcd.controlplane.io"
_USUAL = ("GitRepository", "flux-system", "flux-system")
_TREES = ("GitRepository", "OCIRepository", "Bucket")


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster: its directory, and the objects that make its root: sources and one Kustomization, as JSON-like data.

    `synthetic`: the root stands in no file, because nothing in the repository says how Flux was installed.
    """

    directory: str
    root: dict[str, Any]
    sources: tuple[dict[str, Any], ...] = ()
    defined_at: Position | None = None
    synthetic: bool = False
    urls: tuple[str, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    file: str
    line: int
    body: dict[str, Any]

    @property
    def metadata(self) -> dict[str, Any]:
        return _mapping(self.body.get("metadata"))

    @property
    def spec(self) -> dict[str, Any]:
        return _mapping(self.body.get("spec"))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def candidate_files(documents: Documents) -> list[str]:
    """The files whose bodies `find_clusters` wants: Flux Kustomizations, FluxInstances and sources."""
    wanted = []
    for file in documents.files:
        if any(_is_root_kind(document.api_version, document.kind) for document in file.documents):
            wanted.append(file.path)
    return wanted


def _is_root_kind(api_version: str, kind: str) -> bool:
    group = api_version.rpartition("/")[0]
    return (group, kind) in {
        (_KUSTOMIZE, "Kustomization"),
        (_INSTANCE, "FluxInstance"),
        (_SOURCE, "GitRepository"),
        (_SOURCE, "OCIRepository"),
        (_SOURCE, "Bucket"),
        (_SOURCE, "HelmRepository"),
    }


def find_clusters(
    bodies: Iterable[tuple[str, int, dict[str, Any]]],
    directories: Iterable[str],
    *,
    base: str = "",
    only: Sequence[str] = (),
    declared: Sequence[str] = (),
) -> tuple[Cluster, ...]:
    """The clusters below `base` (a directory of the tree), by the first of these that finds any:

    the `declared` directories; each bootstrap sync or FluxInstance path; each child of `clusters/`; the directories
    where Kustomizations begin.
    `directories` are the tree's directories. `only` names clusters by directory or by its last part.
    """
    known = [_Body(file, line, body) for file, line, body in bodies if _under(file, base) and not _hidden(file)]
    listed = set(directories)
    found = (
        _from_settings(known, declared, listed)
        or _from_sync(known)
        or _from_folders(known, listed, base)
        or _from_itself(known, base, listed)
    )
    if not only:
        return found
    chosen = tuple(cluster for cluster in found if _named(cluster, only))
    if len(chosen) < len(set(only)):
        names = ", ".join(cluster.directory or "." for cluster in found) or "none"
        raise RepositoryError(f"no such cluster: {', '.join(only)}", hint=f"clusters of this repository: {names}")
    return chosen


def artifact_root(
    bodies: Iterable[tuple[str, int, dict[str, Any]]], directories: Collection[str], clusters: Iterable[Cluster]
) -> str:
    """The directory that the paths of Kustomizations start from when that is not the root of the tree, else "".

    A source may be an artifact that was pushed from a directory of the repository. That must be so when no path of a
    cluster's Kustomizations leads anywhere from the root, and each does from a parent of the cluster's directory.
    """
    known = [_Body(file, line, body) for file, line, body in bodies]
    for cluster in clusters:
        own = [item for item in known if _is_kustomization(item) and _under(item.file, cluster.directory)]
        paths = {_clean(str(item.spec.get("path") or "")) for item in own} - {""}
        parent = posixpath.dirname(posixpath.dirname(cluster.directory))
        inside = {posixpath.join(parent, path) for path in paths}
        if parent and paths and paths.isdisjoint(directories) and inside <= set(directories):
            return parent
    return ""


def _is_kustomization(item: _Body) -> bool:
    return item.body.get("kind") == "Kustomization" and _group(item.body) == _KUSTOMIZE


def _under(path: str, base: str) -> bool:
    return not base or path == base or path.startswith(base + "/")


def _named(cluster: Cluster, only: Sequence[str]) -> bool:
    names = {cluster.directory, posixpath.basename(cluster.directory), "./" + cluster.directory}
    return any(posixpath.normpath(name) in names for name in only)


def _from_settings(known: list[_Body], declared: Sequence[str], directories: Collection[str]) -> tuple[Cluster, ...]:
    synced = {cluster.directory: cluster for cluster in _from_sync(known)} if declared else {}
    chosen = sorted({_clean(directory) for directory in declared})
    return tuple(synced.get(directory) or _synthetic(directory, known, directories) for directory in chosen)


def _from_sync(known: list[_Body]) -> tuple[Cluster, ...]:
    clusters: dict[str, Cluster] = {}
    for item in known:
        cluster = _bootstrap(item, known) or _instance(item, known)
        if cluster is not None:
            clusters.setdefault(cluster.directory, cluster)
    return tuple(clusters[directory] for directory in sorted(clusters))


def _bootstrap(item: _Body, known: list[_Body]) -> Cluster | None:
    """A Kustomization that lies where it points, or in a folder there of its own name: what `flux bootstrap` writes."""
    if not _is_kustomization(item):
        return None
    path = _clean(str(item.spec.get("path") or ""))
    reference = _mapping(item.spec.get("sourceRef"))
    folder = posixpath.dirname(item.file)
    if folder not in (path, posixpath.join(path, str(item.metadata.get("name")))):
        return None
    sources = [
        other.body
        for other in known
        if other.body.get("kind") == reference.get("kind")
        and other.metadata.get("name") == reference.get("name")
        and other.file.rpartition("/")[0] == item.file.rpartition("/")[0]
    ]
    return Cluster(
        directory=path,
        root=item.body,
        sources=tuple(sources),
        defined_at=Position(file=item.file, line=item.line),
        urls=_urls(sources),
    )


def _instance(item: _Body, known: list[_Body]) -> Cluster | None:
    sync = item.spec.get("sync")
    if item.body.get("kind") != "FluxInstance" or _group(item.body) != _INSTANCE or not isinstance(sync, dict):
        return None
    namespace = str(item.metadata.get("namespace") or "flux-system")
    name = str(sync.get("name") or namespace)
    source = _synced_source(sync, namespace, name)
    directory = _clean(str(sync.get("path") or "")) or _pushed_from(item, known)
    root = root_kustomization(namespace, name, f"./{directory}", str(sync.get("kind") or "GitRepository"))
    return Cluster(
        directory=directory,
        root=root,
        sources=(source,),
        defined_at=Position(file=item.file, line=item.line),
        urls=_urls([source]),
    )


def _pushed_from(item: _Body, known: list[_Body]) -> str:
    """The directory that a FluxInstance takes all of, when that is an artifact: hardly the whole repository.

    It is the folder where the FluxInstance lies (above `flux-system`), if Kustomizations begin there.
    """
    if _mapping(item.spec.get("sync")).get("kind") != "OCIRepository":
        return ""
    folder = posixpath.dirname(item.file).removesuffix("flux-system").rstrip("/")
    return folder if any(_is_kustomization(other) and _under(other.file, folder) for other in known) else ""


def _synced_source(sync: dict[str, Any], namespace: str, name: str) -> dict[str, Any]:
    kind = str(sync.get("kind") or "GitRepository")
    reference = str(sync.get("ref") or "")
    key = "tag" if kind == "OCIRepository" else "name" if reference.startswith("refs/") else "branch"
    spec: dict[str, Any] = {"interval": str(sync.get("interval") or "1m"), "url": str(sync.get("url") or "")}
    if reference:
        spec["ref"] = {key: reference}
    if sync.get("pullSecret"):
        spec["secretRef"] = {"name": str(sync["pullSecret"])}
    version = "source.toolkit.fluxcd.io/v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def root_kustomization(namespace: str, name: str, path: str, source: str) -> dict[str, Any]:
    """The Kustomization that bootstrap or a FluxInstance makes for a cluster directory."""
    return {
        "apiVersion": f"{_KUSTOMIZE}/v1",
        "kind": "Kustomization",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"interval": "10m", "path": path, "prune": True, "sourceRef": {"kind": source, "name": name}},
    }


def _from_folders(known: list[_Body], directories: Collection[str], base: str) -> tuple[Cluster, ...]:
    """The children of the outermost folder `clusters` that hold Flux Kustomizations or sources."""
    listed = [directory for directory in directories if _under(directory, base) and not _hidden(directory)]
    folders = {_cluster_folder(directory) for directory in listed} - {""}
    for folder in sorted(folders, key=lambda path: (path.count("/"), path)):
        depth = folder.count("/") + 2
        children = {"/".join(path.split("/")[:depth]) for path in listed if path.startswith(folder + "/")}
        found = sorted(child for child in children if any(_under(item.file, child) for item in known))
        if found:
            return tuple(_synthetic(child, known, directories) for child in found)
    return ()


def _cluster_folder(directory: str) -> str:
    parts = directory.split("/")
    return "/".join(parts[: parts.index("clusters") + 1]) if "clusters" in parts else ""


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _from_itself(known: list[_Body], base: str, directories: Collection[str]) -> tuple[Cluster, ...]:
    """Each directory with Flux Kustomizations that no other one's path reaches: there, Flux must have begun."""
    found = [item for item in known if _is_kustomization(item)]
    paths = {_clean(str(item.spec.get("path") or "")) for item in found} - {""}
    tops = {posixpath.dirname(item.file) for item in found if not any(_under(item.file, path) for path in paths)}
    outermost = {top for top in tops if not any(top != other and _under(top, other) for other in tops)}
    if found and not outermost:
        outermost = {base}
    return tuple(_synthetic(top, known, directories) for top in sorted(outermost))


def _synthetic(directory: str, known: list[_Body], directories: Collection[str]) -> Cluster:
    own = [item for item in known if _is_kustomization(item) and _under(item.file, directory)]
    inside = {_identity(item) for item in known if _under(item.file, directory)}
    asking = [item for item in own or filter(_is_kustomization, known) if _reference(item) not in inside]
    kind, namespace, name = _installed_source(asking, directories)
    taken = any((_reference(item)[1], item.metadata.get("name")) == (namespace, name) for item in own)
    root = root_kustomization(namespace, "flux-system" if taken else name, f"./{directory}", kind)
    root["spec"]["sourceRef"]["name"] = name
    root["spec"]["decryption"] = {"provider": "sops"}  # as nobody wrote it down, it cannot have been forgotten
    urls = [
        other.body
        for other in known
        if (other.body.get("kind"), other.metadata.get("name")) == ("GitRepository", name)
        and _under(other.file, directory)
    ]
    return Cluster(directory=directory, root=root, synthetic=True, urls=_urls(urls))


def _installed_source(items: Sequence[_Body], directories: Collection[str]) -> tuple[str, str, str]:
    """The source (kind, namespace, name) that a root of unknown origin must have, from the cluster's Kustomizations.

    It is `flux-system` where one of them names that: so all tools that install Flux call it. Else someone called it
    otherwise: it is the one that they name most, twice at least, if every path they take from it is a directory here.
    `items` are those whose source no file of the cluster's directory defines.
    """
    named = [(_reference(item), _clean(str(item.spec.get("path") or ""))) for item in items]
    usual = [kind for (kind, _, name), _ in named if name == "flux-system"]
    if usual:
        return max(usual, key=usual.count), "flux-system", "flux-system"
    here = [found for found, path in named if found[0] in _TREES and path in directories]
    source = max(here, key=here.count, default=_USUAL)
    elsewhere = any(found == source and path and path not in directories for found, path in named)
    return _USUAL if elsewhere or here.count(source) < 2 else source


def _identity(item: _Body) -> tuple[str, str, str]:
    namespace = item.metadata.get("namespace") or "flux-system"
    return str(item.body.get("kind")), str(namespace), str(item.metadata.get("name"))


def _reference(item: _Body) -> tuple[str, str, str]:
    reference = _mapping(item.spec.get("sourceRef"))
    namespace = reference.get("namespace") or item.metadata.get("namespace") or "flux-system"
    return str(reference.get("kind")), str(namespace), str(reference.get("name"))


def _urls(sources: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    found = [str((source.get("spec") or {}).get("url") or "") for source in sources]
    return tuple(url for url in found if url)


def _group(body: dict[str, Any]) -> str:
    return str(body.get("apiVersion") or "").rpartition("/")[0]


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path.lstrip("/") or ".")
    return "" if cleaned == "." else cleaned
