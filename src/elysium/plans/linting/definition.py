"""A lint: one thing that can be wrong with a plan, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from elysium.model import Severity
from elysium.plans.linting.reading import Reading

__all__ = ["Defect", "Lint", "defect"]


class Defect(msgspec.Struct, frozen=True, kw_only=True):
    """What a lint says: the place, what is wrong, the next step; its own severity where it is not that of the lint."""

    line: int
    message: str
    hint: str
    item: str = ""
    severity: Severity | None = None


class Lint(msgspec.Struct, frozen=True, kw_only=True):
    """One lint. A `strict` one is a practice (requirement 0.12), which only `--strict` asks for."""

    name: str
    severity: Severity
    summary: str
    find: Callable[[Reading], Iterable[Defect]]
    strict: bool = False


def defect(line: int, message: str, hint: str, item: str = "", severity: Severity | None = None) -> Defect:
    """A defect at a line."""
    return Defect(line=line, message=message, hint=hint, item=item, severity=severity)
