"""How long a push takes until it is in the cluster."""

from __future__ import annotations

from elysium.api.workspace import Workspace
from elysium.resolve import Arrival, arrivals

__all__ = ["arrivals_of"]


def arrivals_of(workspace: Workspace) -> tuple[Arrival, ...]:
    """For each unit, how long a push takes at worst until Flux applies it."""
    return arrivals(workspace.render())
