"""Where things go in a repository: the folders that its Kustomizations apply, instead of the ones that `init` writes.

A component writes into a folder and enters it into the kustomization.yaml above. That only reaches the cluster where a
Kustomization of Flux leads there. And a folder without kustomization.yaml is one that Flux takes whole: a file that
names only the new folder would take everything else out of the cluster. Such places are told, not written into.
https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import msgspec

from elysium.errors import ScaffoldError
from elysium.scaffold.editing import load_documents
from elysium.scaffold.facts import RepositoryFacts

__all__ = ["laid_out", "refuse_unapplied"]

_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTS = ("resources", "components", "bases")
_MOST = 1000
_INFRASTRUCTURE = ("infra", "infrastructure")
_MONITORING = ("monitoring", "observability")
_ROLES = (
    ("apps_base", (("apps", "applications", "workloads"),)),
    ("controllers", (_INFRASTRUCTURE, ("controllers",))),
    ("configs", (_INFRASTRUCTURE, ("configs", "config"))),
    ("monitoring_controllers", (_MONITORING, ("controllers",))),
    ("monitoring_configs", (_MONITORING, ("configs", "config"))),
)
"""Each place with the words that stand in the name of the Kustomization which applies it, or at the end of its path."""


class _Folders:
    """The folders of a repository, and what their kustomization files include."""

    def __init__(self, files: Collection[str], read: Callable[[str], str | None]) -> None:
        self._files = files
        self._read = read

    def entered(self, folder: str) -> str:
        """The kustomization file of a folder; empty when it has none."""
        return next((path for name in _FILES if (path := posixpath.join(folder, name)) in self._files), "")

    def taken_whole(self, folder: str) -> bool:
        """Whether Flux takes every manifest of it, because nothing names them."""
        inside = (path for path in self._files if path.startswith(f"{folder}/"))
        return not self.entered(folder) and any(path.endswith((".yaml", ".yml")) for path in inside)

    def reached(self, folder: str) -> set[str]:
        """The folders that are included from one, itself among them."""
        found: set[str] = set()
        waiting = [folder]
        while waiting and len(found) < _MOST:
            place = waiting.pop()
            if place not in found and self.entered(place):
                found.add(place)
                waiting += self._included(place)
        return found

    def _included(self, folder: str) -> Iterator[str]:
        try:
            documents = load_documents(self._read(self.entered(folder)) or "")
        except ScaffoldError:
            return
        for body in documents:
            for name in _LISTS if isinstance(body, dict) else ():
                listed = body.get(name)
                for item in listed if isinstance(listed, list) else ():
                    if isinstance(item, str):
                        yield _clean(folder, item)


def laid_out(
    facts: RepositoryFacts,
    applied: Mapping[str, str],
    files: Collection[str],
    read: Callable[[str], str | None],
) -> RepositoryFacts:
    """The facts with the places of this repository. `applied` are its Kustomizations: path by name.

    A place that nothing applies keeps its usual name, and `unapplied` says why nothing may be written there.
    """
    folders = _Folders(files, read)
    paths = {name: _clean("", path) for name, path in applied.items()}
    reached = {path: folders.reached(path) for path in dict.fromkeys(paths.values())}
    places: dict[str, str] = {}
    unapplied: dict[str, str] = {}
    for role, words in _ROLES:
        usual = getattr(facts, role)
        path = _path_of(words, paths)
        if any(usual in found for found in reached.values()):
            path = usual
        elif path is None:
            unapplied[usual] = f"no Kustomization of {facts.cluster_path} applies it"
            continue
        elif folders.taken_whole(path):
            unapplied[path] = "it has no kustomization.yaml, so Flux takes everything in it"
        places[role] = path
    overlay = _path_of(_ROLES[0][1], paths) or facts.apps_overlay
    return msgspec.structs.replace(facts, **places, overlay=overlay, unapplied=unapplied)


def refuse_unapplied(facts: RepositoryFacts, paths: Iterable[str], subject: str) -> None:
    """Raise ScaffoldError when one of the paths is in a place that nothing may be written to."""
    for path in paths:
        for folder, why in facts.unapplied.items():
            if path.startswith(f"{folder}/"):
                hint = (
                    f"let a Kustomization of Flux lead to {folder}, and a kustomization.yaml in it name what is there"
                )
                raise ScaffoldError(f"this would be written to {folder}, and {why}", subject=subject, hint=hint)


def _path_of(words: tuple[tuple[str, ...], ...], paths: Mapping[str, str]) -> str | None:
    """The path of the Kustomization that a role's words fit, the shortest name first."""
    for name in sorted(paths, key=lambda item: (len(item), item)):
        said = set(re.split(r"[^a-z0-9]+", f"{name} {posixpath.basename(paths[name])}".lower()))
        if paths[name] and all(said & set(choice) for choice in words):
            return paths[name]
    return None


def _clean(folder: str, path: str) -> str:
    cleaned = posixpath.normpath(posixpath.join(folder, path.lstrip("/") if not folder else path))
    return "" if cleaned == "." else cleaned
