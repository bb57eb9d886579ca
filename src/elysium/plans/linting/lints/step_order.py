"""Steps that do not follow one another: a number comes again, is left out, or is smaller than the one before."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.numbering import misnumbered
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for part, problem in misnumbered(reading.steps):
        yield defect(part.line, f"step {part.number} {problem}", "number the steps in the order in which they are done")


LINT = Lint(
    name="step-order",
    severity=Severity.ERROR,
    summary="numbers of steps come again, are left out or go back",
    find=_find,
)
