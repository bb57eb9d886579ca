"""A heading with nothing below it."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.texts import is_empty, pieces
from elysium.plans.types import PartKind

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for part in reading.parts:
        if part.kind is PartKind.PREAMBLE or part.parts or part.level == 1:
            continue
        if all(is_empty(piece.text) and not piece.label for piece in pieces(part)):
            yield defect(part.line, f"there is nothing below {part.title!r}", "write it, or take the heading out")


LINT = Lint(name="empty-part", severity=Severity.ERROR, summary="a heading has nothing below it", find=_find)
