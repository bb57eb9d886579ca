"""Versions that can be rendered for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from elysium.errors import UsageError
from elysium.load import Cluster
from elysium.render import RenderOptions
from elysium.settings import FLUX_VERSIONS, Settings

__all__ = ["require_known"]


def require_known(
    clusters: Iterable[Cluster], options: RenderOptions, settings: Settings, kubernetes: Sequence[str]
) -> None:
    """Raises UsageError for versions that this engine does not render for; `kubernetes` are those that it serves."""
    for cluster in clusters:
        chosen = options.for_cluster(settings, cluster.directory)
        for name, version, known in (("Kubernetes", chosen.minor, kubernetes), ("Flux", chosen.flux, FLUX_VERSIONS)):
            if version not in known:
                raise UsageError(f"{name} {version} is not known", hint=f"use one of {', '.join(known)}")
