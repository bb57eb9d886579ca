"""`elysium fetch`."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from elysium.cli.options import DEFAULTS, Common, Output, Switch, say_timings, workspace

__all__ = ["fetch"]


def fetch(
    repository: Annotated[str, Parameter(name="REPO", help="The repository: a directory.")] = ".",
    /,
    *,
    refresh: Annotated[
        bool, Switch, Parameter(help="Fetch again what is here: branches, tags and ranges move.")
    ] = False,
    output: Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")] = "text",
    common: Common = DEFAULTS,
) -> int:
    """Fetch the charts and sources that a render needs.

    Only this command (and --fetch) uses the network; everything else works from the cache.

    Exits with 1 when something could not be fetched.

    For example:

    * `elysium fetch`: everything that any unit needs
    * `elysium fetch --refresh`: the newest of what was fetched before
    * `elysium fetch --unit hr/media/jellyfin`: for one release
    """
    with workspace(repository, common) as opened:
        outcomes = opened.fetch(refresh=refresh)
        say_timings(opened, common)
    from elysium.present.fetched import write_fetched

    write_fetched(outcomes, sys.stdout, output)
    return int(any(outcome.state in ("failed", "unknown") for outcome in outcomes))
