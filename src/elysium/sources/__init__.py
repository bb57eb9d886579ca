"""From a reference to a tree with a digest: working trees, revisions, fetched and generated artifacts, charts.

Hermetic: only `elysium.sources.fetch` uses the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elysium.sources.artifacts import Artifact, ChartArtifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.mapping import SourceMapping, parse_mapping
from elysium.sources.requests import Request
from elysium.sources.revision import merge_base, open_revision
from elysium.sources.tree import Tree
from elysium.sources.working import open_folder, open_working_tree

if TYPE_CHECKING:
    from elysium.sources.library import Library

__all__ = [
    "Artifact",
    "Cache",
    "ChartArtifact",
    "Library",
    "Missing",
    "Request",
    "SourceMapping",
    "Tree",
    "merge_base",
    "open_folder",
    "open_revision",
    "open_working_tree",
    "parse_mapping",
]


def __getattr__(name: str) -> Any:
    """The library, imported by those who render: a remembered result needs no sources."""
    if name != "Library":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from elysium.sources.library import Library  # noqa: PLC0415 - the reason stands above

    return Library
