"""Resources, quotas, scheduling, storage, availability and schedules."""

from __future__ import annotations

__all__ = ["RULES"]

RULES: tuple[str, ...] = ()
