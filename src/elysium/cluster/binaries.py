"""Where the control plane and the replay are: named by a variable, packaged, built in a checkout, or in the cache,
where they are built on first use.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from elysium.cluster import building, programs
from elysium.cluster.building import Notice
from elysium.cluster.command import Command
from elysium.cluster.programs import CONTROL_PLANE, REPLAYER, Program
from elysium.errors import ClusterError

__all__ = ["control_plane", "existing_control_plane", "replayer"]

_SECTION = "controlplane"


def control_plane(cache: Path, notice: Notice) -> Command:
    """The control plane, built on first use. Raises ClusterError, which lists the places, when there is none."""
    return existing_control_plane(cache) or (str(_built(CONTROL_PLANE, cache, notice)),)


def replayer(cache: Path, notice: Notice) -> Command:
    """The replay: a mode of the control plane where that is there, otherwise a smaller program, built on first use."""
    if named := _named(REPLAYER):
        return (str(named),)
    if found := existing_control_plane(cache):
        return (*found, "replay")
    return (str(_existing(REPLAYER, cache) or _built(REPLAYER, cache, notice)),)


def existing_control_plane(cache: Path) -> Command | None:
    """The control plane if it is there without being built."""
    found = _existing(CONTROL_PLANE, cache)
    return (str(found),) if found else None


def _existing(program: Program, cache: Path) -> Path | None:
    if named := _named(program):
        return named
    packaged, checkout, cached = _places(program, cache)
    if packaged.is_file():
        return packaged
    module = programs.sources()
    if building.is_current(checkout, module):
        return checkout
    if building.is_current(cached, module):
        with contextlib.suppress(OSError):
            os.utime(cached.parent)  # what is used stays when the cache is pruned
        return cached
    return None


def _named(program: Program) -> Path | None:
    value = os.environ.get(program.variable)
    if not value:
        return None
    path = Path(value).absolute()
    if not os.access(path, os.X_OK) or path.is_dir():
        raise ClusterError("no program here", subject=f"{program.variable}={value}", hint="unset it")
    return path


def _places(program: Program, cache: Path) -> tuple[Path, Path, Path]:
    package = Path(__file__).resolve().parent
    digest = programs.fingerprint(programs.sources())
    return (
        package / "bin" / program.name,
        package.parents[2] / "build" / program.name,
        cache / _SECTION / f"{program.name}-{digest}" / program.name,
    )


def _built(program: Program, cache: Path, notice: Notice) -> Path:
    places = _places(program, cache)
    target = places[-1]
    try:
        building.build(program, programs.sources(), target, notice)
    except ClusterError as error:
        listed = "".join(f"\n  {place}" for place in places)
        raise ClusterError(
            f"{error.message}; looked at {program.variable} and{listed}", subject=error.subject, hint=error.hint
        ) from error
    except OSError as error:
        raise ClusterError(
            f"{program.title} cannot be kept here: {error.strerror}",
            subject=str(error.filename or target),
            hint="set ELYSIUM_CACHE to a directory with 1 GB of room that you may write",
        ) from error
    return target
