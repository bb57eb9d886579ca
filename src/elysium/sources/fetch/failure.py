"""Why a fetch did not succeed, and whether that is the last word."""

from __future__ import annotations

__all__ = ["FetchError"]


class FetchError(Exception):
    """A request could not be fetched.

    `final` means that the far side was reached and has no such thing: Flux would be refused too. Otherwise nothing is
    known: no network, no access, a server in trouble. No message holds a credential.
    """

    def __init__(self, message: str, *, hint: str = "", final: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.final = final
