"""Talk to an API server: start an embedded one, and apply objects to it as Flux's controllers do."""

from __future__ import annotations

from elysium.cluster.server import Server

__all__ = ["Server"]
