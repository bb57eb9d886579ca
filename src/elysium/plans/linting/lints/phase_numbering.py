"""Phases that do not follow one another: a number comes again, is left out, or is smaller than the one before."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.numbering import misnumbered
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    hint = "number the phases in the order of the document; another order of work belongs into `Execution order`"
    for part, problem in misnumbered(reading.phases):
        yield defect(part.line, f"phase {part.number} {problem}", hint)


LINT = Lint(
    name="phase-numbering",
    severity=Severity.ERROR,
    summary="numbers of phases come again, are left out or go back",
    find=_find,
)
