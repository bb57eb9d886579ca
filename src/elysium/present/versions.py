"""Versions, as text and JSON."""

from __future__ import annotations

from typing import TextIO

import msgspec

from elysium.api import Versions

__all__ = ["write_versions"]


def write_versions(found: Versions, out: TextIO, form: str) -> None:
    """Elysium first, then the targets that it knows, then every library."""
    if form == "json":
        out.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")
        return
    out.write(f"elysium {found.elysium}\n")
    rows = {
        "engine": found.engine,
        "python": found.python,
        "renders for Flux": ", ".join(found.flux),
        "renders for Kubernetes": ", ".join(found.kubernetes),
        **found.libraries,
    }
    width = max(len(name) for name in rows)
    for name, value in rows.items():
        out.write(f"  {name:<{width}}  {value}\n")
