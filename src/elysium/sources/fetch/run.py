"""Fetch many requests at once, and say how each ended."""

from __future__ import annotations

import errno
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from elysium.errors import RepositoryError, SourceError
from elysium.sources import records
from elysium.sources.fetch.artifacts import fetch_artifact
from elysium.sources.fetch.bases import fetch_base
from elysium.sources.fetch.failure import FetchError
from elysium.sources.fetch.helm import fetch_chart, fetch_index
from elysium.sources.fetch.options import FetchSettings
from elysium.sources.fetch.repositories import fetch_repository
from elysium.sources.fetch.session import Session
from elysium.sources.library import Library
from elysium.sources.requests import (
    BucketRequest,
    Credentials,
    GitRequest,
    HelmChartRequest,
    HelmIndexRequest,
    OCIRequest,
    Request,
)

__all__ = ["FetchEvent", "Outcome", "fetch"]

_PATIENCE = 2.0

State = Literal["fetched", "unchanged", "failed", "unknown"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a request ended.

    `fetched` and `unchanged` (the same content as before) are here now. `failed`: the far side has no such thing.
    `unknown`: it could not be asked, or not with the access that is here.
    """

    request: Request
    state: State
    revision: str = ""
    message: str = ""
    hint: str = ""

    def __str__(self) -> str:
        said = self.message or self.revision
        return f"{self.request}: {self.state}{', ' + said if said else ''}"


class FetchEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the run: a request ended, as the `done`th of `total`."""

    outcome: Outcome
    done: int
    total: int


Progress = Callable[[FetchEvent], None]


def fetch(
    requests: Iterable[Request], library: Library, progress: Progress | None, settings: FetchSettings
) -> list[Outcome]:
    """Fetch every request once; outcomes in the order of the requests.

    Raises SourceError only when the cache or the file of authorities cannot be used. When the run is interrupted, what
    is under way ends within moments and nothing half fetched is ever used.
    """
    wanted = list({request.key: request for request in requests}.values())
    settings.authorities(Credentials())
    session = Session(library.cache, library.call, settings)
    found: dict[str, Outcome] = {}
    crew = _Crew(session, wanted)
    try:
        for done, outcome in enumerate(crew.outcomes(), start=1):
            found[outcome.request.key] = outcome
            if progress is not None:
                progress(FetchEvent(outcome=outcome, done=done, total=len(wanted)))
    finally:
        session.stop.set()
        crew.dismiss()
        session.close()
        library.forget()
    return [found[request.key] for request in wanted]


class _Crew:
    """Threads that work off the requests. They are daemons: an interrupted run does not wait for a silent server."""

    def __init__(self, session: Session, wanted: list[Request]) -> None:
        self._session = session
        self._count = len(wanted)
        self._waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[Outcome | Exception] = queue.SimpleQueue()
        for request in wanted:
            self._waiting.put(request)
        number = min(len(wanted), max(1, session.settings.concurrency))
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def outcomes(self) -> Iterator[Outcome]:
        """Outcomes as they come; the first error that ends the whole run is raised."""
        for _ in range(self._count):
            ended = self._ended.get()
            if isinstance(ended, Exception):
                raise ended
            yield ended

    def dismiss(self) -> None:
        for thread in self._threads:
            thread.join(timeout=_PATIENCE)

    def _work(self) -> None:
        while not self._session.stop.is_set():
            try:
                request = self._waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._ended.put(_one(self._session, request))
            except Exception as error:
                self._ended.put(error)


def _one(session: Session, request: Request) -> Outcome:
    before = records.read(session.cache, request)
    try:
        record = _fetched(session, request)
    except FetchError as error:
        return _refused(session, request, error)
    except (SourceError, RepositoryError) as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        return Outcome(request=request, state="unknown", message=str(error), hint=error.hint)
    records.write(session.cache, request, record)
    same = before is not None and (before.digest, before.tree) == (record.digest, record.tree) and not before.failure
    state: State = "unchanged" if same else "fetched"
    return Outcome(request=request, state=state, revision=record.revision or record.version)


def _fetched(session: Session, request: Request) -> records.Record:
    if isinstance(request, BucketRequest):
        raise FetchError("buckets are not read by Elysium", hint="map a copy of it with --source")
    if request.credentials.is_cloud_identity:
        message = f"access comes from a workload's identity at {request.credentials.provider}, which is not here"
        raise FetchError(message, hint="map a copy of it with --source")
    if isinstance(request, GitRequest):
        return fetch_repository(session, request)
    if isinstance(request, OCIRequest):
        return fetch_artifact(session, request)
    if isinstance(request, HelmIndexRequest):
        return fetch_index(session, request)
    if isinstance(request, HelmChartRequest):
        return fetch_chart(session, request)
    return fetch_base(session, request)


def _refused(session: Session, request: Request, error: FetchError) -> Outcome:
    """An outcome without content. The far side's final word is remembered; trouble leaves what was fetched before."""
    if error.final:
        records.write(session.cache, request, records.record(request, failure=error.message))
    state: State = "failed" if error.final else "unknown"
    return Outcome(request=request, state=state, message=error.message, hint=error.hint)
