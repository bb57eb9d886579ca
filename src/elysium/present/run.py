"""What is known of a check besides its result."""

from __future__ import annotations

import posixpath

import msgspec

__all__ = ["Run"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, how long it took, whether the cache knew the answer, and what makes it fail.

    `prefix` leads from the directory in which the command runs to the root of what was checked: code hosts count paths
    from the root of the checkout.
    """

    subject: str
    revision: str = ""
    seconds: float = 0.0
    from_cache: bool = False
    fail_on: str = "error"
    prefix: str = ""

    def path(self, file: str) -> str:
        """A file as the directory in which the command runs knows it."""
        return posixpath.normpath(posixpath.join(self.prefix, file)) if file else ""
