"""Helpers that know nothing of Flux or Kubernetes, independent of each other."""

from __future__ import annotations

__all__: list[str] = []
