"""What the cache holds, what was removed from it and what is broken in it, as text and JSON."""

from __future__ import annotations

import math
from typing import TextIO

import msgspec

from elysium.sources.upkeep import CacheInfo, Pruned, Verified

__all__ = ["write_info", "write_pruned", "write_verified"]

_UNITS = ("kB", "MB", "GB")


def write_info(found: CacheInfo, out: TextIO, form: str) -> None:
    """The place of the cache and its sections."""
    if form == "json":
        _json(found, out)
        return
    out.write(f"{found.directory}\n")
    for section in found.sections:
        out.write(f"  {section.name:<12} {section.entries:>7,} entries {_size(section.bytes):>10}\n")
    out.write(f"  {_size(found.bytes)} in all\n")


def write_pruned(found: Pruned, out: TextIO, form: str) -> None:
    """How much was removed."""
    if form == "json":
        _json(found, out)
    else:
        out.write(f"removed {found.entries:,} entries, {_size(found.bytes)}\n")


def write_verified(found: Verified, out: TextIO, form: str) -> None:
    """What is not as it was put there."""
    if form == "json":
        _json(found, out)
        return
    for name in found.broken:
        out.write(f"broken: {name}\n")
    good = found.entries - len(found.broken)
    out.write(f"{good:,} of {found.entries:,} entries are as they were put there\n")


def _json(found: msgspec.Struct, out: TextIO) -> None:
    out.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")


def _size(number: float) -> str:
    if number < 1000:
        return f"{number:.0f} bytes"
    power = min(int(math.log(number, 1000)), len(_UNITS))
    return f"{number / 1000**power:.1f} {_UNITS[power - 1]}"
