"""What happens to a pull request, and which workflow runs on it."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["EventKind"]


class EventKind(StrEnum):
    """An event of a pull request, as GitHub names it."""

    OPENED = "opened"
    SYNCHRONIZE = "synchronize"
    REOPENED = "reopened"
    CLOSED = "closed"

    @property
    def deploys(self) -> bool:
        """Whether the deploy workflow runs on it; the teardown workflow runs on the other one."""
        return self is not EventKind.CLOSED
