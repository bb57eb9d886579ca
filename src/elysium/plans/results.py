"""What verifying says of an item: pass, fail or unknown, why, and what shows it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["Evidence", "Outcome", "Result", "failed", "passed", "unknown"]


class Result(StrEnum):
    """The three results. `unknown` says what would make it known; it is never a pass."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What shows a result: the check that was made, the place, the object, the command and its end, who says so, when.

    `digest` is that of a command's output or of a file, so that the same can be recognised; the output itself is not
    kept. `time` is ISO 8601 in UTC.
    """

    check: str = ""
    detail: str = ""
    commit: str = ""
    path: str = ""
    line: int = 0
    object: str = ""
    command: str = ""
    exit: int | None = None
    digest: str = ""
    time: str = ""
    who: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one check, or of an item."""

    result: Result
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


def passed(detail: str = "", **fields: str | int) -> Outcome:
    """A pass with its evidence."""
    return Outcome(result=Result.PASS, reason=detail, evidence=(_evidence(detail, fields),))


def failed(reason: str, **fields: str | int) -> Outcome:
    """A failure: what is not so."""
    return Outcome(result=Result.FAIL, reason=reason, evidence=(_evidence(reason, fields),))


def unknown(reason: str, **fields: str | int) -> Outcome:
    """Not known: why, and what would make it known."""
    return Outcome(result=Result.UNKNOWN, reason=reason, evidence=(_evidence(reason, fields),))


def _evidence(detail: str, fields: dict[str, str | int]) -> Evidence:
    return msgspec.convert({"detail": detail, **fields}, Evidence)
