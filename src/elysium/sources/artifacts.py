"""What a reference turned out to be: an artifact, a chart, or missing, with the reason."""

from __future__ import annotations

from typing import Literal

import msgspec

from elysium.sources.requests import Request
from elysium.sources.tree import Tree

__all__ = ["Artifact", "ChartArtifact", "Missing", "Rules"]

Rules = Literal["git", "bucket", "none"]


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """A source's content.

    `rules` says which ignore rules source-controller applies before it packs the tree (`tree.open` of the engine's
    protocol). `path` is where inside the tree a remote base stands. `archive` is the absolute path of the layer itself
    where an OCIRepository copies instead of extracting. `assumption` is a sentence for the result, or empty.
    """

    tree: Tree
    revision: str
    digest: str
    rules: Rules = "none"
    path: str = ""
    archive: str = ""
    assumption: str = ""

    @property
    def directory(self) -> str:
        """The absolute path that the artifact's `path` means."""
        return f"{self.tree.root}/{self.path}" if self.path else self.tree.root


class ChartArtifact(msgspec.Struct, frozen=True, kw_only=True):
    """A Helm chart: either `archive`, the absolute path of a `.tgz`, or the directory `path` of `tree`.

    `digest` covers the content in both cases.
    """

    version: str
    digest: str
    archive: str = ""
    tree: Tree | None = None
    path: str = ""
    assumption: str = ""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A source that is not here. `failed`: Flux would be refused too; `unknown`: fetching or mapping would tell.

    `request` is what `elysium fetch` would ask for; None where no fetch helps.
    """

    state: Literal["unknown", "failed"]
    reason: str
    remedy: str
    request: Request | None = None

    def __str__(self) -> str:
        return self.reason
