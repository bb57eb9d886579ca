"""Elysium: plan, render, check and rehearse a Flux repository."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
