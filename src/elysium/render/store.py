"""Answers that were computed before, by content: one SQLite file in the cache, safe for several runs at once."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from elysium.kit.checksums import checked, unchecked

__all__ = ["Store"]

_SCHEMA = """
create table if not exists answers (key text primary key, value blob not null, used integer not null)
"""
_BATCH = 500


class Store:
    """Remembers bytes under keys that are digests of everything they depend on.

    A store that cannot be opened, read or written (a full disk, a read-only home) is one that remembers nothing;
    `broken` then says why, once, for the user. Nothing secret is ever put into it: that is its callers' duty.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._pending: dict[str, bytes] = {}
        self.broken = ""

    def get(self, key: str) -> bytes | None:
        """What is remembered under a key."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """What is remembered under each of some keys."""
        wanted = list(dict.fromkeys(keys))
        found = {key: self._pending[key] for key in wanted if key in self._pending}
        connection = self._open()
        if connection is None:
            return found
        try:
            for start in range(0, len(wanted), _BATCH):
                batch = wanted[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows = connection.execute(f"select key, value from answers where key in ({marks})", batch)  # noqa: S608
                whole = ((key, unchecked(value)) for key, value in rows)
                found.update((key, value) for key, value in whole if value is not None)
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def put_many(self, items: Mapping[str, bytes]) -> None:
        """Remember; written by `flush`."""
        self._pending.update(items)

    def put(self, key: str, value: bytes) -> None:
        """Remember one answer; written by `flush`."""
        self._pending[key] = value

    def flush(self) -> None:
        """Write what was put, in one transaction."""
        connection = self._open() if self._pending else None
        if connection is None:
            return
        now = int(time.time())
        rows = [(key, checked(value), now) for key, value in self._pending.items()]
        try:
            with connection:
                connection.executemany("insert or replace into answers values (?, ?, ?)", rows)
            self._pending.clear()
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Flush and let go of the file."""
        self.flush()
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and self._path is not None and not self.broken:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._connection = _connect(self._path)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        self.broken = f"{self._path}: {error}"
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        if damaged and self._path is not None:
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    self._path.with_name(self._path.name + suffix).unlink()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10.0)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = off")
    connection.execute(_SCHEMA)
    return connection
