"""Drive the engine until a whole cluster is known: ready units, their objects, the units among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elysium.render.options import RenderOptions
from elysium.render.store import Store

if TYPE_CHECKING:
    from elysium.render.run import RenderRun, Surroundings, render_clusters

__all__ = ["RenderOptions", "RenderRun", "Store", "Surroundings", "render_clusters"]


def __getattr__(name: str) -> Any:
    """The loop and all that it needs, imported by those who render: a remembered result needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from elysium.render import run  # noqa: PLC0415 - the reason stands above

    return getattr(run, name)
