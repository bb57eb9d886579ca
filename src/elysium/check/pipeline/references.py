"""What one object of the cluster expects of another."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
