"""SHA-256 over texts, listings and files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["of_bytes", "of_file", "of_listing", "of_parts"]

_CHUNK = 1 << 20


def of_bytes(data: bytes) -> str:
    """The hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def of_parts(*parts: str) -> str:
    """A digest of several texts that no other division into texts shares (each is preceded by its length)."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        state.update(b"%d:" % len(data))
        state.update(data)
    return state.hexdigest()


def of_listing(entries: Iterable[tuple[str, str]]) -> str:
    """A digest of (path, content digest) pairs in the order given. Paths hold no NUL byte, so NUL separates."""
    text = "\0".join(f"{path}\0{digest}" for path, digest in entries)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def of_file(path: Path) -> str:
    """The hexadecimal SHA-256 of a file, read in pieces."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()
