"""Dates of a plan: ISO 8601 days."""

from __future__ import annotations

import datetime

__all__ = ["day"]


def day(text: str) -> datetime.date | None:
    """The day that a text names; None for what is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
