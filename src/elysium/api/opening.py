"""Find what a path means: the repository, the part of it that is meant, and its clusters."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from elysium.api.options import Options
from elysium.engine import EnginePool
from elysium.errors import RepositoryError
from elysium.kit import digests
from elysium.load import Cluster, find_clusters, index_documents, read_bodies
from elysium.load.clusters import artifact_root, candidate_files
from elysium.load.documents import IndexStore
from elysium.model import Documents
from elysium.sources import Cache, Tree, tree
from elysium.sources.revision import open_revision
from elysium.sources.staged import open_staged
from elysium.sources.working import checkout_root, open_working_tree

__all__ = ["NO_FLUX", "Opened", "open_clusters", "open_file", "open_repository", "open_tree"]

NO_FLUX = "no Flux objects here"
"""What is wrong with a folder that Flux has no business in."""


class Surrounding(msgspec.Struct, frozen=True, kw_only=True):
    """The checkout around the directory that a source is an artifact of; `inner` is that directory."""

    tree: Tree
    documents: Documents
    inner: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A repository ready to be rendered. `scope`: the directory of it that was asked for, empty for all of it.

    `partial`: not every cluster of the repository is among `clusters`. `around`: the rest of the checkout, where Flux
    gets only a directory of it.
    """

    tree: Tree
    documents: Documents
    clusters: tuple[Cluster, ...]
    scope: str = ""
    partial: bool = False
    around: Surrounding | None = None


def open_tree(path: Path, options: Options, cache: Cache) -> tuple[Tree, str]:
    """The tree around `path` (whole checkout or plain folder, a revision of it, or what is staged), and where `path`
    lies in it.

    What comes from git is extracted into `cache`: give it one that ends with the run, for it may be secret.
    """
    if not path.exists():
        raise RepositoryError("there is no such file or directory", subject=str(path), hint="name a repository")
    if options.revision:
        found = open_revision(path, options.revision, cache)
    else:
        found = open_staged(path, cache) if options.staged else open_working_tree(path, cache)
    root = Path(found.root) if not options.extracted else (checkout_root(path.resolve()) or path)
    inside = os.path.relpath(path.resolve(), root.resolve())
    return found, "" if inside == "." else Path(inside).as_posix()


def open_clusters(
    found: Tree, base: str, pool: EnginePool, store: IndexStore, only: Iterable[str] = (), declared: Iterable[str] = ()
) -> Opened:
    """The clusters that are meant by a directory of a tree.

    A directory with a root of its own (a bootstrap sync or `clusters/` below it, with paths that start there) is a
    repository of its own inside another one. Otherwise the directory is a part of the whole tree's repository.
    `only` names clusters, `declared` are the directories that the settings call clusters. Raises RepositoryError when
    there is no Flux object.
    """
    chosen, named = tuple(only), tuple(declared)
    if base and (inner := _own_root(found, base, pool, store, chosen, named)) is not None:
        return inner
    documents, clusters, pushed_from = _clusters(found, "", pool, store, chosen, named)
    if pushed_from and not base:
        inner = open_clusters(found, pushed_from, pool, store, only, declared)
        around = Surrounding(tree=found, documents=documents, inner=pushed_from)
        return msgspec.structs.replace(inner, around=around)
    within = tuple(cluster for cluster in clusters if base and _below(cluster.directory, base))
    if base and not within and all(cluster.synthetic and not cluster.directory for cluster in clusters):
        within = _clusters(found, base, pool, store, chosen)[1]
    if within or clusters:
        return Opened(
            tree=found,
            documents=documents,
            clusters=within or clusters,
            scope="" if within else base,
            partial=bool(within) or bool(chosen),
        )
    hint = "name a directory that has Flux Kustomizations, or a single file to check its objects"
    raise RepositoryError(NO_FLUX, subject=base or found.root, hint=hint)


def open_repository(
    found: Tree, base: str, pool: EnginePool, store: IndexStore, options: Options, declared: Iterable[str] = ()
) -> Opened:
    """The clusters that are meant; a tree without any is opened with its files alone where the options allow it."""
    try:
        return open_clusters(found, base, pool, store, options.cluster, declared)
    except RepositoryError as error:
        if not options.plain or error.message != NO_FLUX:
            raise
    documents, _, _ = _clusters(found, "", pool, store, ())
    return Opened(tree=found, documents=documents, clusters=(), partial=False)


def open_file(path: Path, content: bytes, pool: EnginePool, store: IndexStore) -> Opened:
    """One file as a tree of its own, without clusters."""
    found = tree.make(str(path.resolve().parent), {path.name: digests.of_bytes(content)})
    name = f"files#{found.digest[:12]}"
    pool.announce(name, "tree.open", {"id": name, "root": found.root, "files": list(found.files), "rules": "none"})
    documents = index_documents(pool, name, found.files, store)
    return Opened(tree=found, documents=documents, clusters=(), partial=True)


def _parents(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _below(directory: str, base: str) -> bool:
    return directory == base or directory.startswith(base + "/")


def _own_root(
    found: Tree, base: str, pool: EnginePool, store: IndexStore, only: tuple[str, ...], declared: tuple[str, ...]
) -> Opened | None:
    inner = _rebased(found, base)
    has_folder = inner.has_directory("clusters") or any(inner.has_directory(name) for name in declared)
    documents, clusters, _ = _clusters(inner, "", pool, store, () if not has_folder else only, declared)
    rooted = tuple(cluster for cluster in clusters if not cluster.synthetic)
    if not has_folder and not rooted:
        return None
    if not clusters:
        return None
    return Opened(tree=inner, documents=documents, clusters=clusters, partial=bool(only))


def _rebased(found: Tree, base: str) -> Tree:
    prefix = len(base) + 1
    files = {path[prefix:]: found.files[path] for path in found.below(base)}
    links = tuple(link[prefix:] for link in found.links if link.startswith(base + "/"))
    root = posixpath.join(found.root, base)
    return tree.make(root, files, revision=found.revision, dirty=found.dirty, links=links)


def _clusters(
    found: Tree, base: str, pool: EnginePool, store: IndexStore, only: tuple[str, ...], declared: tuple[str, ...] = ()
) -> tuple[Documents, tuple[Cluster, ...], str]:
    """The documents of a tree, its clusters below `base`, and the directory that their sources are artifacts of."""
    name = f"files#{found.digest[:12]}"
    pool.announce(name, "tree.open", {"id": name, "root": found.root, "files": list(found.files), "rules": "none"})
    documents = index_documents(pool, name, found.files, store)
    bodies = read_bodies(pool, name, candidate_files(documents))
    holders = {posixpath.dirname(path) for path in found.files}
    directories = holders | {parent for path in holders for parent in _parents(path)}
    there = tuple(name for name in declared if found.has_directory(name))
    clusters = find_clusters(bodies, directories, base=base, only=only, declared=there)
    if not any(cluster.synthetic and "/" in cluster.directory for cluster in clusters):
        return documents, clusters, ""
    return documents, clusters, artifact_root(bodies, directories, clusters)
