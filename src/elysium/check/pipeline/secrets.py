"""Secrets in the clear, sealed values, certificates and images."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
