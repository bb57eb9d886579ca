"""Answers of the engine that still hold: looked up and remembered by content."""

from __future__ import annotations

import hashlib

import msgspec

from elysium.render.answers import ReadSet
from elysium.render.locations import Locations
from elysium.render.reading import Stored
from elysium.render.request import Request
from elysium.render.store import Store
from elysium.sealing import Redactor

__all__ = ["Memory"]


class _Uses(msgspec.Struct, frozen=True):
    capabilities: bool = False


class _Read(msgspec.Struct, frozen=True):
    read: ReadSet = ReadSet()
    uses: _Uses = _Uses()


class Memory:
    """A view of the store for requests. `engine` names the engine's version: another one has other answers."""

    def __init__(self, store: Store, engine: str) -> None:
        self._store = store
        self._engine = engine
        self._decoder = msgspec.msgpack.Decoder(Stored)
        self._read = msgspec.json.Decoder(_Read)
        self._fresh: list[tuple[Request, bytes, Locations]] = []
        self.hits = 0

    def recall(self, request: Request, locations: Locations) -> bytes | None:
        """The remembered answer to a request, if everything that it depends on is unchanged."""
        if request.sensitive:
            return None
        blob = self._store.get(self._key(request))
        if blob is None:
            return None
        stored = self._decoder.decode(blob)
        if stored.apis and stored.apis != _apis(request):
            return None
        if locations.readings(request.location).digest(stored.read) != stored.digest:
            return None
        self.hits += 1
        return stored.answer

    def remember(self, request: Request, answer: bytes, locations: Locations) -> None:
        """Remember an answer, unless plaintext of a Secret took part in the question. It is kept by `keep` only."""
        if not request.sensitive:
            self._fresh.append((request, answer, locations))

    def keep(self, redactor: Redactor) -> None:
        """Put what was remembered into the store, now that all secret values are known: nothing that may hold one."""
        here = redactor.narrowed(b"\n".join(answer for _, answer, _ in self._fresh))
        for request, answer, locations in self._fresh:
            if not here.narrowed(answer):
                self._put(request, answer, locations)
        self._fresh.clear()

    def _put(self, request: Request, answer: bytes, locations: Locations) -> None:
        known = self._read.decode(answer)
        stored = Stored(
            read=known.read,
            digest=locations.readings(request.location).digest(known.read),
            answer=answer,
            apis=_apis(request) if known.uses.capabilities else "",
        )
        self._store.put(self._key(request), msgspec.msgpack.encode(stored))

    def _key(self, request: Request) -> str:
        return f"unit:{self._engine}:{request.key()}"

    def served(self, cluster: str) -> tuple[str, ...]:
        """The custom APIs that the last run of this cluster ended with: a good guess for this one."""
        blob = self._store.get(f"apis:{self._engine}:{cluster}")
        return tuple(msgspec.msgpack.decode(blob, type=list[str])) if blob else ()

    def note_served(self, cluster: str, apis: tuple[str, ...]) -> None:
        """Remember them for the next run."""
        self._store.put(f"apis:{self._engine}:{cluster}", msgspec.msgpack.encode(apis))


def _apis(request: Request) -> str:
    return hashlib.sha256("\n".join(request.params.get("apis") or ["none"]).encode()).hexdigest()[:16]
