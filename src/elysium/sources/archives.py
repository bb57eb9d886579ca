"""Unpack tar archives from strangers: only regular files, only below their root, within bounds.

Links, devices and pipes are left out, as Flux leaves them out of artifacts.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
import zlib
from collections.abc import Iterator

from elysium.errors import SourceError
from elysium.sources.content import blob_digest
from elysium.sources.stored import TreeWriter, is_safe

__all__ = ["members", "unpack"]

_MOST_FILES = 100_000
_MOST_BYTES = 500_000_000
_HINT = "this is no archive that Flux would accept; check where it comes from"


def unpack(data: bytes, writer: TreeWriter, subject: str) -> None:
    """Write the files of a `.tar` or `.tar.gz` through `writer`. SourceError if it is broken or unsafe."""
    for path, content in members(data, subject):
        writer.write(path, content, blob_digest(content))


def members(data: bytes, subject: str) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the regular files of a `.tar` or `.tar.gz`. SourceError if it is broken or unsafe."""
    raw = io.BytesIO(data)
    stream = gzip.GzipFile(fileobj=raw) if data[:2] == b"\x1f\x8b" else raw
    try:
        with tarfile.open(fileobj=_Bounded(stream, subject), mode="r|") as archive:
            yield from _members(archive, subject)
    except (tarfile.TarError, EOFError, zlib.error, OSError, UnicodeError, ValueError, OverflowError) as error:
        raise SourceError(f"the archive is broken: {error}", subject=subject, hint=_HINT) from error


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where a small archive swells beyond measure."""

    def __init__(self, stream: io.BytesIO | gzip.GzipFile, subject: str) -> None:
        self._stream = stream
        self._subject = subject
        self._left = _MOST_BYTES

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._left:
            raise _too_large(self._subject)
        data = self._stream.read(size)
        self._left -= len(data)
        return data


def _members(archive: tarfile.TarFile, subject: str) -> Iterator[tuple[str, bytes]]:
    for count, member in enumerate(archive):
        if count >= _MOST_FILES or member.size > _MOST_BYTES:
            raise _too_large(subject)
        path = posixpath.normpath(member.name)
        if member.name.startswith("/") or "\\" in member.name or ".." in member.name.split("/"):
            raise SourceError(f"the archive holds {member.name!r}, which leads out of it", subject=subject, hint=_HINT)
        file = archive.extractfile(member) if member.isreg() and is_safe(path) else None
        if file is not None:
            yield path, file.read()


def _too_large(subject: str) -> SourceError:
    message = f"the archive unpacks to more than {_MOST_FILES:,} files or {_MOST_BYTES // 1_000_000:,} MB"
    return SourceError(message, subject=subject, hint=_HINT)
