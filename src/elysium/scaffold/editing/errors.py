"""Why a file cannot be edited in place."""

from __future__ import annotations

from elysium.errors import ScaffoldError

__all__ = ["EditError"]


class EditError(ScaffoldError):
    """A YAML text is not as the edit needs it. The subject is the line (behind the file, where it is known)."""

    def __init__(self, message: str, *, line: int = 0, hint: str = "", file: str = "") -> None:
        subject = ":".join(part for part in (file, str(line or "")) if part)
        super().__init__(
            message, subject=subject, hint=hint or "edit the file by hand, then run the same command again"
        )
        self.line = line
