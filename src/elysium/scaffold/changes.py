"""A file of the repository, and what happens to it."""

from __future__ import annotations

import difflib
from enum import StrEnum

import msgspec

__all__ = ["Action", "Change"]


class Action(StrEnum):
    """What happens to a file."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    CONFLICT = "conflict"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A file, what happens to it, and why where that is not plain. `text` is None for a file that goes."""

    path: str
    action: Action
    before: str | None
    text: str | None
    executable: bool = False
    reason: str = ""

    @property
    def goes(self) -> bool:
        """Whether the file is deleted."""
        return self.action is Action.CHANGE and self.text is None

    @property
    def diff(self) -> str:
        """The difference in unified form; empty where nothing changes."""
        if self.action not in (Action.CREATE, Action.CHANGE):
            return ""
        old, new = (text.splitlines(keepends=True) if text else [] for text in (self.before, self.text))
        names = (
            "/dev/null" if self.before is None else f"a/{self.path}",
            f"b/{self.path}" if self.text else "/dev/null",
        )
        lines = difflib.unified_diff(old, new, *names)
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
