"""Files become typed documents with positions, and the clusters of a repository are found."""

from __future__ import annotations

from elysium.load.clusters import Cluster, find_clusters
from elysium.load.documents import index_documents, read_bodies

__all__ = ["Cluster", "find_clusters", "index_documents", "read_bodies"]
