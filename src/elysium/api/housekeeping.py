"""What is asked without a repository: versions, and the state of the cache."""

from __future__ import annotations

import platform
from pathlib import Path

import msgspec

from elysium import __version__
from elysium.engine import EnginePool
from elysium.errors import EngineError
from elysium.settings import FLUX_VERSIONS
from elysium.sources import Cache, upkeep

__all__ = ["Versions", "cache_info", "cache_prune", "cache_verify", "versions"]


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """Elysium's version, the reference libraries that it renders with, and the targets that it knows."""

    elysium: str
    engine: str
    python: str
    libraries: dict[str, str]
    flux: tuple[str, ...]
    kubernetes: tuple[str, ...]


def versions() -> Versions:
    """Ask the engine for its libraries."""
    with EnginePool(workers=1) as pool:
        pool.call("yaml.decode", {"text": ""})
        if pool.handshake is None:
            raise EngineError("the engine did not introduce itself")
        hello = pool.handshake
    return Versions(
        elysium=__version__,
        engine=hello.version,
        python=platform.python_version(),
        libraries=dict(sorted(hello.libraries.items())),
        flux=FLUX_VERSIONS,
        kubernetes=hello.kubernetes,
    )


def cache_info(directory: Path | None = None) -> upkeep.CacheInfo:
    """What the cache holds."""
    return upkeep.info(Cache(directory))


def cache_prune(directory: Path | None = None, *, days: float) -> upkeep.Pruned:
    """Remove what was not used for some days."""
    return upkeep.prune(Cache(directory), older_than=days * 86400)


def cache_verify(directory: Path | None = None) -> upkeep.Verified:
    """Compare everything in the cache with its digest."""
    return upkeep.verify(Cache(directory))
