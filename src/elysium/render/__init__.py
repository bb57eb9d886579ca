"""Drive the engine until a whole cluster is known: ready units, their objects, the units among them."""

from __future__ import annotations

from elysium.render.options import RenderOptions
from elysium.render.run import RenderRun, Surroundings, render_clusters
from elysium.render.store import Store

__all__ = ["RenderOptions", "RenderRun", "Store", "Surroundings", "render_clusters"]
