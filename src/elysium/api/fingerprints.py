"""Digests of everything that a whole run depends on, so that an unchanged question is answered from the cache."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import elysium

__all__ = ["digest", "package_version"]


def digest(parts: Iterable[object]) -> str:
    """One digest over the texts of some values."""
    combined = hashlib.sha256()
    for part in parts:
        combined.update(f"{part!r}\0".encode())
    return combined.hexdigest()


@functools.cache
def package_version() -> str:
    """The identity of this package's code: another one may give another answer."""
    root = Path(elysium.__file__).parent
    found: list[tuple[str, int, int]] = []
    for directory, _, names in os.walk(root):
        for name in names:
            if name.endswith(".py"):
                status = os.stat(f"{directory}/{name}")  # noqa: PTH116 - a hundred files at every start
                found.append((name, status.st_size, status.st_mtime_ns))
    return digest([elysium.__version__, sorted(found)])[:16]
