"""What was fetched for which request: one small JSON file a request, replaced in one step."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from elysium.sources.cache import Cache
from elysium.sources.requests import Request

__all__ = ["Record", "decode", "read", "record", "write"]

_SECTION = "records"


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one request.

    `request` is its readable form. `tree` names a stored tree (`trees/…` or `artifacts/…`), `file` an entry of
    `charts/` or `indexes/`. `revision` and `version` are what the reference stood for,
    `digest` what the far side named.
    `failure` is the far side's final word that there is no such thing: Flux would be refused too.
    """

    request: str
    fetched: str
    tree: str = ""
    file: str = ""
    path: str = ""
    revision: str = ""
    version: str = ""
    digest: str = ""
    failure: str = ""


def record(request: Request, **fields: str) -> Record:
    """A record of a request that was fetched now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Record(request=str(request), fetched=now, **fields)


def read(cache: Cache, request: Request) -> Record | None:
    """The record of a request, or None if nothing was fetched for it (or its record is broken)."""
    data = cache.read(_SECTION, f"{request.key}.json")
    return None if data is None else decode(data)


def decode(data: bytes) -> Record | None:
    """A record as it stands in its file, None if it cannot be read."""
    try:
        return msgspec.json.decode(data, type=Record)
    except (msgspec.MsgspecError, ValueError):
        return None


def write(cache: Cache, request: Request, record: Record) -> None:
    """Keep the record of a request in place of an older one."""
    data = msgspec.json.format(msgspec.json.encode(record), indent=2)
    cache.write(_SECTION, f"{request.key}.json", data + b"\n")
