"""What is asked without a repository: versions, and the state of the cache."""

from __future__ import annotations

import platform

import msgspec

from elysium import __version__
from elysium.engine import EnginePool
from elysium.errors import EngineError
from elysium.settings import FLUX_VERSIONS

__all__ = ["Versions", "versions"]


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
