"""From a reference to a tree with a digest: working trees, revisions, fetched and generated artifacts, charts.

Hermetic: only `elysium.sources.fetch` uses the network.
"""

from __future__ import annotations

from elysium.sources.artifacts import Artifact, ChartArtifact, Missing
from elysium.sources.cache import Cache
from elysium.sources.library import Library
from elysium.sources.mapping import SourceMapping, parse_mapping
from elysium.sources.requests import Request
from elysium.sources.revision import merge_base, open_revision
from elysium.sources.tree import Tree
from elysium.sources.working import open_folder, open_working_tree

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
