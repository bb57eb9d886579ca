"""Where the engine is: environment variable, packaged beside this code, or `build/` of a checkout."""

from __future__ import annotations

import functools
import hashlib
import os
from pathlib import Path

from elysium.errors import EngineError

__all__ = ["identity", "locate"]

_NAME = "elysium-engine.exe" if os.name == "nt" else "elysium-engine"


def locate() -> Path:
    """The engine's binary, by the first place that has it.

    Raises EngineError, which lists the places, when none has.
    """
    override = os.environ.get("ELYSIUM_ENGINE")
    if override:
        path = Path(override)
        if not path.is_file():
            raise EngineError(
                "no file here", subject=f"ELYSIUM_ENGINE={override}", hint="unset it, or build the engine"
            )
        return path
    places = _places()
    for place in places:
        if place.is_file():
            return place
    listed = "".join(f"\n  {place}" for place in places)
    raise EngineError(
        f"the engine was not found; looked at ELYSIUM_ENGINE and{listed}",
        hint="in a checkout run `python3 scripts/build_engine.py`; otherwise reinstall the package",
    )


@functools.cache
def identity() -> str:
    """What tells this engine's binary from another one, whose answers may differ, without starting it."""
    path = locate()
    status = path.stat()
    return hashlib.sha256(f"{path.name} {status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:16]


def _places() -> tuple[Path, ...]:
    package = Path(__file__).resolve().parent
    return package / "bin" / _NAME, package.parents[2] / "build" / _NAME
