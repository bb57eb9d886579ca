"""From a reference to a tree with a digest: working trees, revisions, fetched and generated artifacts, charts.

Hermetic: only `elysium.sources.fetch` uses the network.
"""

from __future__ import annotations

from elysium.sources.cache import Cache
from elysium.sources.tree import Tree

__all__ = ["Cache", "Tree"]
