"""A running API server, as those who use it see it."""

from __future__ import annotations

from pathlib import Path

import msgspec

__all__ = ["Server"]


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """An API server that may be filled and thrown away.

    `kubeconfig` holds its credentials (mode 0600), `context` one of its contexts when it is not the current one.
    `version` is what `/version` says. `controllers`: whether a controller manager and a scheduler run, without which
    quotas, workloads and readiness are unknown. `log` is the file that all components write to.
    """

    url: str
    kubeconfig: Path
    version: str
    context: str = ""
    controllers: bool = True
    log: Path | None = None
