"""The options that commands share, and the workspace that they describe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from elysium.errors import UsageError

if TYPE_CHECKING:
    from elysium.api import Options, Workspace

__all__ = ["DEFAULTS", "Common", "Many", "Output", "Switch", "options_of", "say_timings", "workspace"]

_SCOPE = Group("What to render", sort_key=1)
_TARGET = Group("Render for", sort_key=2)
_RUN = Group("Run", sort_key=3)

Many = Parameter(negative=(), consume_multiple=False, show_default=False)
"""An option that is given several times."""

Switch = Parameter(negative=(), show_default=False)
"""An option without a value."""

Output = Parameter(name=("--output", "-o"))
"""The option for the form of the result."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Common:
    """Which part of which revision is rendered, for which versions, from which sources."""

    cluster: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_SCOPE, help="Only this cluster: its directory or its last part. Repeatable."),
    ] = ()
    unit: Annotated[
        tuple[str, ...],
        Many,
        Parameter(group=_SCOPE, help="Only this unit: ks/NAMESPACE/NAME, hr/… or rs/…. Repeatable."),
    ] = ()
    revision: Annotated[
        str, Parameter(group=_SCOPE, help="Look at this git revision; the working tree by default.", show_default=False)
    ] = ""
    source: Annotated[
        tuple[str, ...],
        Many,
        Parameter(
            group=_TARGET,
            help="A directory in place of a source: KIND/NAMESPACE/NAME=PATH or chart-repo=URL=PATH. Repeatable.",
        ),
    ] = ()
    flux_version: Annotated[
        str,
        Parameter(
            group=_TARGET,
            help="The Flux minor, such as 2.8; the newest by default. For check also OLD..NEW.",
            show_default=False,
        ),
    ] = ""
    kubernetes_version: Annotated[
        str,
        Parameter(
            group=_TARGET,
            help="The Kubernetes minor; the newest by default. For check also OLD..NEW.",
            show_default=False,
        ),
    ] = ""
    cache_dir: Annotated[
        str, Parameter(group=_RUN, help="Where rendered and fetched things are kept.", show_default=False)
    ] = ""
    fetch: Annotated[
        bool, Switch, Parameter(group=_RUN, help="First fetch what is not in the cache (uses the network).")
    ] = False
    ca_file: Annotated[
        str,
        Parameter(
            group=_RUN, help="Certificates (PEM) to trust when fetching, besides the system's.", show_default=False
        ),
    ] = ""
    limit_seconds: Annotated[float, Parameter(group=_RUN, help="How long one build or chart may take.")] = 30.0
    limit_memory: Annotated[
        int, Parameter(group=_RUN, help="How much memory, in MiB, one build or chart may take.")
    ] = 2048
    timings: Annotated[bool, Switch, Parameter(group=_RUN, help="Say on standard error where the time went.")] = False


DEFAULTS = Common()
"""Everything, from the working tree, for the newest versions."""


@contextmanager
def workspace(repository: str, common: Common, *, staged: bool = False, plain: bool = False) -> Iterator[Workspace]:
    """Open what the arguments describe; nothing of the progress line stays on the terminal, however it ends."""
    from elysium.api import Workspace
    from elysium.cli.progress import progress

    if ".." in common.flux_version + common.kubernetes_version:
        raise UsageError("a range of versions has no single answer", hint="ask `elysium check` what an upgrade changes")
    drawn = progress()
    try:
        options = options_of(common, staged=staged, plain=plain)
        with Workspace(Path(repository), options=options, progress=drawn) as opened:
            yield opened
    finally:
        if drawn:
            drawn.clear()


def options_of(common: Common, *, staged: bool = False, plain: bool = False) -> Options:
    """The same to the API."""
    from elysium.api import Options

    return Options(
        revision=common.revision or None,
        staged=staged,
        plain=plain,
        cluster=common.cluster,
        flux=common.flux_version or None,
        kubernetes=common.kubernetes_version or None,
        sources=common.source,
        units=common.unit,
        cache_dir=Path(common.cache_dir) if common.cache_dir else None,
        fetch=common.fetch,
        ca_file=common.ca_file,
        seconds=_positive(common.limit_seconds, "--limit-seconds"),
        memory=int(_positive(common.limit_memory, "--limit-memory")) << 20,
    )


def _positive(value: float, option: str) -> float:
    if not 0 < value < 1 << 40:
        raise UsageError("this is no limit", subject=f"{option} {value:g}", hint="give a number above 0")
    return value


def say_timings(opened: Workspace, common: Common) -> None:
    """Print where the time went, when that was asked for."""
    if common.timings:
        for stage, seconds in opened.timings.items():
            print(f"{seconds * 1000:9.1f} ms  {stage}", file=sys.stderr)
