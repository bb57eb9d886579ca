"""Folders of components that somebody names: directories, or git repositories at a full commit.

A branch or a tag would be another component tomorrow; a commit is what was read and reviewed. Naming an address is
asking for the network, once: what was fetched is taken from the cache afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from elysium.api.sourcing import open_library
from elysium.api.workspace import Workspace
from elysium.errors import SourceError, UsageError
from elysium.scaffold import Folder
from elysium.sources import tree
from elysium.sources.artifacts import Artifact, Missing
from elysium.sources.fetch import FetchSettings, fetch
from elysium.sources.urls import redacted

__all__ = ["component_folders"]

_ADDRESS = re.compile(
    r"(?P<url>(?:https?|ssh|file)://.+|[\w.-]+@[\w.-]+:.+)@(?P<commit>[0-9a-f]{40})(?://(?P<inner>[\w./-]+))?"
)


def component_folders(workspace: Workspace, places: Iterable[str]) -> tuple[Folder, ...]:
    """The folders behind `--from`: DIRECTORY, or URL@COMMIT with //FOLDER inside where it is not the top.

    Raises UsageError for what is neither, SourceError when the commit cannot be had.
    """
    return tuple(_folder(workspace, place) for place in places)


def _folder(workspace: Workspace, place: str) -> Folder:
    if Path(place).is_dir():
        return Folder(path=str(Path(place).resolve()), origin=place)
    found = _ADDRESS.fullmatch(place)
    if found is None:
        hint = "a folder, or a git address with a full commit: https://git.example.com/me/components@0123…"
        raise UsageError("this is no folder of components", subject=f"--from {redacted(place)}", hint=hint)
    inner = found["inner"] or ""
    root = Path(_fetched(workspace, found["url"], found["commit"]).tree.root)
    origin = f"{redacted(found['url'])}@{found['commit']}" + (f"//{inner}" if inner else "")
    if ".." in inner.split("/") or not (root / inner).is_dir():
        raise UsageError("there is no such folder in the repository", subject=f"--from {origin}")
    return Folder(path=str(root / inner), origin=origin)


def _fetched(workspace: Workspace, url: str, commit: str) -> Artifact:
    asked = ("GitRepository", "elysium", "components", {"url": url, "ref": {"commit": commit}})
    library = open_library(workspace.cache, (), tree.make("", {}), frozenset(), workspace.pool.call)
    artifact = library.artifact(*asked)
    if isinstance(artifact, Missing) and artifact.request:
        settings = FetchSettings(ca_file=workspace.options.ca_file, local=url.startswith("file://"))
        outcome = fetch([artifact.request], library, None, settings)[0]
        if outcome.state not in ("fetched", "unchanged"):
            raise SourceError(outcome.message or "cannot be fetched", subject=redacted(url), hint=outcome.hint)
        artifact = library.artifact(*asked)
    if isinstance(artifact, Missing):
        raise SourceError(artifact.reason, subject=redacted(url), hint=artifact.remedy)
    return artifact
