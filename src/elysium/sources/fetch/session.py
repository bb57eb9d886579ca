"""What all fetches of a run share: the cache, the connections, the engine."""

from __future__ import annotations

import threading
from typing import Any

from elysium.errors import EngineError
from elysium.sources import charts
from elysium.sources.cache import Cache
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.options import FetchSettings, Stop
from elysium.sources.fetch.registry import Registry
from elysium.sources.fetch.web import Web
from elysium.sources.records import Record

__all__ = ["Session"]


class Session:
    """One run of `fetch`. Its methods may be called from several threads."""

    def __init__(self, cache: Cache, call: charts.Call, settings: FetchSettings) -> None:
        self.cache = cache
        self.settings = settings
        self.stop = Stop()
        self.web = Web(settings, self.stop)
        self.registry = Registry(self.web)
        self.indexes: dict[str, Record] = {}
        self._call = call
        self._engine = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def close(self) -> None:
        self.web.close()

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Ask the engine, one at a time. What it refuses is an error of the request."""
        with self._engine:
            try:
                return self._call(method, params)
            except EngineError as error:
                raise FetchError(error.message, final=True) from error

    def lock(self, name: str) -> threading.Lock:
        """A lock for work that two requests of this run share."""
        with self._engine:
            return self._locks.setdefault(name, threading.Lock())
