"""Bytes that know whether they are still what was written: a checksum against damage, not against people."""

from __future__ import annotations

import zlib

__all__ = ["checked", "unchecked"]

_SIZE = 4


def checked(data: bytes) -> bytes:
    """`data` behind its checksum."""
    return zlib.crc32(data).to_bytes(_SIZE) + data


def unchecked(data: bytes) -> bytes | None:
    """What `checked` was given, or None if it is not that any more."""
    content = data[_SIZE:]
    return content if len(data) >= _SIZE and zlib.crc32(content).to_bytes(_SIZE) == data[:_SIZE] else None
