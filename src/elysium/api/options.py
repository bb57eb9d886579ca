"""What a workspace is asked for."""

from __future__ import annotations

from pathlib import Path

import msgspec

__all__ = ["Options"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Every option that the command line has for what is rendered; None and empty mean the settings' or the default.

    `revision`: a git revision instead of the working tree; `staged`: what the next commit would hold. `cluster`,
    `units`: only these (a unit as `ks/NS/NAME`). `sources`: local directories in place of sources
    (`KIND/NS/NAME=PATH`, `chart-repo=URL=PATH`). `fetch`: use the network for what is not here. `seconds`, `memory`:
    bounds of one request to the engine. `cache_dir`: another cache. `ca_file`: certificates to trust when fetching,
    besides the system's. `plain`: a tree without any Flux object is fine; then only its files are looked at.
    """

    revision: str | None = None
    staged: bool = False
    cluster: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    flux: str | None = None
    kubernetes: str | None = None
    sources: tuple[str, ...] = ()
    fetch: bool = False
    cache_dir: Path | None = None
    ca_file: str = ""
    seconds: float = 30.0
    memory: int = 2 << 30
    workers: int = 0
    age_keys: tuple[str, ...] | None = None
    plain: bool = False

    @property
    def extracted(self) -> bool:
        """Whether the files come from git and not from the working tree."""
        return bool(self.revision) or self.staged
