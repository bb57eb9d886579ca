"""Monitoring, expressions, intervals of Flux and values of releases."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
