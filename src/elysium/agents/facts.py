"""What a repository says of itself for the texts: what hardly ever changes.

Namespaces, units and versions change with every application. The texts name the command that says them instead, so that
adding an application does not make the agent files old.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator

import msgspec

__all__ = ["AgentFacts", "ClusterPlace", "agent_facts"]

_CERTIFICATE = "etc/certs/pub-sealed-secrets.pem"
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/@+-]{0,200}")
_BRANCH = re.compile(r"^[ \t]+branch:[ \t]*[\"']?([A-Za-z0-9_][\w./-]{0,99})[\"']?[ \t]*\r?$", re.MULTILINE)
_REFERENCE = re.compile(r"^[ \t]+ref:[ \t]*[\"']?refs/heads/([A-Za-z0-9_][\w./-]{0,99})[\"']?[ \t]*\r?$", re.MULTILINE)
_TIERS = (
    "infrastructure/controllers",
    "infrastructure/configs",
    "monitoring/controllers",
    "monitoring/configs",
)
_DOCUMENTS = ("README.md", "docs/ARCHITECTURE.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


class ClusterPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster: its name, its directory, its overlay of applications, its sealed variables; empty where not there."""

    name: str
    path: str
    overlay: str = ""
    sealed: str = ""


class AgentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts that texts see. Every path in them exists, and none holds a sign that Markdown would act on.

    `files` are all paths of the repository; they decide which instructions have something to apply to.
    """

    clusters: tuple[ClusterPlace, ...] = ()
    branch: str = "main"
    certificate: str = ""
    apps_base: str = ""
    tiers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()

    @property
    def names(self) -> str:
        """The clusters by name, as a sentence has them."""
        return " and ".join(item.name for item in self.clusters)


def agent_facts(files: Collection[str], read: Callable[[str], str | None], clusters: Iterable[str] = ()) -> AgentFacts:
    """The facts of a repository with these files, whose clusters are in these directories."""
    folders = _folders(files)
    places = tuple(_cluster(path, files, folders) for path in sorted(clusters) if _PLAIN.fullmatch(path))
    return AgentFacts(
        clusters=places,
        branch=_branch(places, files, read),
        certificate=_CERTIFICATE if _CERTIFICATE in files else "",
        apps_base="apps/base" if "apps/base" in folders else "",
        tiers=tuple(path for path in _TIERS if path in folders),
        documents=tuple(path for path in _DOCUMENTS if path in files),
        beside=tuple(path for path in ("charts", "coder/templates", "functions") if path in folders),
        files=frozenset(files),
    )


def _folders(files: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in files:
        while (path := posixpath.dirname(path)) and path not in found:
            found.add(path)
    return found


def _cluster(path: str, files: Collection[str], folders: Collection[str]) -> ClusterPlace:
    name = posixpath.basename(path)
    overlay, sealed = f"apps/{name}", f"{path}/sealed-secrets.yaml"
    return ClusterPlace(
        name=name,
        path=path,
        overlay=overlay if overlay in folders else "",
        sealed=sealed if sealed in files else "",
    )


def _branch(clusters: Iterable[ClusterPlace], files: Collection[str], read: Callable[[str], str | None]) -> str:
    """The branch that Flux follows, as the files of its installation say; `main` where none does."""
    for path in _installations(clusters):
        text = (read(path) or "") if path in files else ""
        found = _REFERENCE.search(text) or _BRANCH.search(text)
        if found:
            return found[1]
    return "main"


def _installations(clusters: Iterable[ClusterPlace]) -> Iterator[str]:
    for cluster in clusters:
        yield f"{cluster.path}/flux-system/gotk-sync.yaml"
        yield f"{cluster.path}/flux-system/flux-instance.yaml"
