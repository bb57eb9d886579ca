"""Versions that can be rendered for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from elysium.api.keys import age_keys
from elysium.api.options import Options
from elysium.errors import UsageError
from elysium.load import Cluster
from elysium.render import RenderOptions
from elysium.settings import DEFAULT_FLUX, DEFAULT_KUBERNETES, FLUX_VERSIONS, Settings

__all__ = ["asked", "chosen", "lone", "require_known"]


def chosen(settings: Settings, options: Options) -> Settings:
    """The settings without the versions of single clusters that the options replace."""
    if not (options.flux or options.kubernetes):
        return settings
    clusters = {
        name: msgspec.structs.replace(
            own, flux="" if options.flux else own.flux, kubernetes="" if options.kubernetes else own.kubernetes
        )
        for name, own in settings.cluster.items()
    }
    return msgspec.structs.replace(settings, cluster=clusters)


def asked(settings: Settings, options: Options) -> RenderOptions:
    """What the options and the settings ask for, without inputs, which only the engine can read."""
    return RenderOptions(
        flux=options.flux or settings.flux,
        kubernetes=options.kubernetes or settings.kubernetes,
        upgrade=settings.upgrade,
        age_keys=options.age_keys if options.age_keys is not None else age_keys(),
        gates=settings.gates,
        api_versions=settings.api_versions,
        external=settings.external,
    )


def lone(options: Options) -> RenderOptions:
    """Versions for what is rendered without a repository."""
    return RenderOptions(flux=options.flux or DEFAULT_FLUX, kubernetes=options.kubernetes or DEFAULT_KUBERNETES)


def require_known(
    clusters: Iterable[Cluster], options: RenderOptions, settings: Settings, kubernetes: Sequence[str]
) -> None:
    """Raises UsageError for versions that this engine does not render for; `kubernetes` are those that it serves."""
    for cluster in clusters:
        own = options.for_cluster(settings, cluster.directory)
        for name, version, known in (("Kubernetes", own.minor, kubernetes), ("Flux", own.flux, FLUX_VERSIONS)):
            if version not in known:
                raise UsageError(f"{name} {version} is not known", hint=f"use one of {', '.join(known)}")
