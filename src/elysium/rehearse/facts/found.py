"""What one part of the gathering found."""

from __future__ import annotations

from typing import Any

import msgspec

from elysium.rehearse.types import Unknown

__all__ = ["Found"]


class Found(msgspec.Struct, kw_only=True):
    """As `Facts`, with bodies that are not written yet. Filled while looking."""

    objects: list[dict[str, Any]] = msgspec.field(default_factory=list)
    deferred: dict[str, list[dict[str, Any]]] = msgspec.field(default_factory=dict)
    absent: set[tuple[str, str]] = msgspec.field(default_factory=set)
    made_up: set[str] = msgspec.field(default_factory=set)
    nodes: list[str] = msgspec.field(default_factory=list)
    classes: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    assumptions: list[str] = msgspec.field(default_factory=list)
    unknown: list[Unknown] = msgspec.field(default_factory=list)
