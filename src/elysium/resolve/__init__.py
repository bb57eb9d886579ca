"""Pure functions over known objects: what Flux's objects ask for, the dependency graph, order and cycles."""

from __future__ import annotations

from elysium.resolve.edges import graph_of
from elysium.resolve.graph import Edge, EdgeKind, Graph, Node, cycles, order
from elysium.resolve.latency import Arrival, Step, arrivals
from elysium.resolve.names import release_name, shorten_name
from elysium.resolve.specifications import HelmReleaseSpec, KustomizationSpec, SourceReference, flux_object

__all__ = [
    "Arrival",
    "Edge",
    "EdgeKind",
    "Graph",
    "HelmReleaseSpec",
    "KustomizationSpec",
    "Node",
    "SourceReference",
    "Step",
    "arrivals",
    "cycles",
    "flux_object",
    "graph_of",
    "order",
    "release_name",
    "shorten_name",
]
