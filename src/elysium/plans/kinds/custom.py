"""The values of a draft of kind `custom`: a frame, with what the repository is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elysium.plans.kinds.ground import Ground

__all__ = ["values"]


def values(name: str, ground: Ground, answers: Mapping[str, str]) -> dict[str, Any]:
    """What the template needs."""
    return {"why": answers.get("why", "") or f"nobody said it yet; ask who wants {name}"}
