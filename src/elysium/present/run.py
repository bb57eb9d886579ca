"""What is known of a check besides its result."""

from __future__ import annotations

import msgspec

__all__ = ["Run"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, how long it took, whether the cache knew the answer, and what makes it fail."""

    subject: str
    revision: str = ""
    seconds: float = 0.0
    from_cache: bool = False
    fail_on: str = "error"
