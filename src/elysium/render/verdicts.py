"""What custom resources were judged before: remembered by their content and that of the definition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from elysium.model import Problem
from elysium.render.store import Store
from elysium.sealing import Redactor

__all__ = ["Verdicts"]

_Problems = tuple[Problem, ...]


class Verdicts:
    """A view of the store for the problems of objects. `engine` names the engine's version: another one judges anew.

    What a secret value took part in is never remembered, neither as question nor as answer.
    """

    def __init__(self, store: Store, engine: str, redactor: Redactor) -> None:
        self._store = store
        self._engine = engine.encode()
        self._redactor = redactor
        self._decoder = msgspec.json.Decoder(_Problems)

    def keys(self, judge: bytes, objects: Iterable[bytes]) -> list[str]:
        """The keys of objects; `judge` is everything else that decides: versions, and the definition."""
        start = hashlib.sha256(self._engine + b"\0" + judge).digest()
        return [f"verdict:{hashlib.sha256(start + raw).hexdigest()}" for raw in objects]

    def recall(self, keys: Iterable[str]) -> dict[str, _Problems]:
        """The problems that are known, by key."""
        return {key: self._decoder.decode(blob) for key, blob in self._store.get_many(keys).items()}

    def remember(self, found: Mapping[str, _Problems]) -> None:
        """Remember problems, but none whose text may hold a secret value."""
        blobs = {key: msgspec.json.encode(problems) for key, problems in found.items()}
        self._store.put_many(
            {key: blob for key, blob in blobs.items() if blob == b"[]" or not self._redactor.narrowed(blob)}
        )
