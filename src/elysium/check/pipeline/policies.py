"""Rules that the repository brings along."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
