"""The only code that uses the network: fetch what a render asked for into the cache."""

from __future__ import annotations

from elysium.sources.fetch.options import FetchSettings
from elysium.sources.fetch.run import FetchEvent, Outcome, fetch

__all__ = ["FetchEvent", "FetchSettings", "Outcome", "fetch"]
