"""The nodes that the settings declare for a cluster."""

from __future__ import annotations

from elysium.check.context import Context
from elysium.evaluate.nodes import Node, declared_nodes

__all__ = ["nodes_of"]


def nodes_of(context: Context, cluster: str) -> tuple[Node, ...]:
    """The nodes of a cluster, none when nothing is declared: then nothing can be said about scheduling."""
    own = context.settings.cluster.get(cluster)
    return declared_nodes(own.nodes) if own else ()
