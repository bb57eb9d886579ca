"""`elysium cache info|prune|verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from elysium.cli.options import Output

__all__ = ["app"]

app = App(name="cache", help="Look at the cache, prune it, verify it.", version_flags=[])

_Form = Annotated[Literal["text", "json"], Output, Parameter(help="The form of the result.")]
_Directory = Annotated[
    str, Parameter(help="Where the cache is, when it is not in its usual place.", show_default=False)
]


@app.command
def info(*, output: _Form = "text", cache_dir: _Directory = "") -> int:
    """Say where the cache is and what it holds.

    For example:

    * `elysium cache info`
    """
    from elysium.api import cache_info
    from elysium.present.caches import write_info

    write_info(cache_info(_path(cache_dir)), sys.stdout, output)
    return 0


@app.command
def prune(
    *,
    days: Annotated[int, Parameter(help="Remove what was not used for this many days.")] = 30,
    output: _Form = "text",
    cache_dir: _Directory = "",
) -> int:
    """Remove what was not used for a while.

    For example:

    * `elysium cache prune`
    * `elysium cache prune --days 0`: everything
    """
    from elysium.api import cache_prune
    from elysium.present.caches import write_pruned

    write_pruned(cache_prune(_path(cache_dir), days=days), sys.stdout, output)
    return 0


@app.command
def verify(*, output: _Form = "text", cache_dir: _Directory = "") -> int:
    """Compare everything fetched with its digest; exits with 1 when something differs.

    For example:

    * `elysium cache verify`
    """
    from elysium.api import cache_verify
    from elysium.present.caches import write_verified

    found = cache_verify(_path(cache_dir))
    write_verified(found, sys.stdout, output)
    return int(bool(found.broken))


def _path(cache_dir: str) -> Path | None:
    return Path(cache_dir) if cache_dir else None
