"""A phase that plans of this kind have is not there."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.numbering import number_of
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    there = {number_of(part.number) for part in reading.phases}
    for phase in reading.kind.phases:
        if not phase.optional and number_of(phase.number) not in there:
            hint = f"write `Phase {phase.number} – {phase.title}`; one that is not wanted says so, as a deferred item"
            yield defect(1, f"there is no phase {phase.number} ({phase.title})", hint)


LINT = Lint(
    name="missing-phase",
    severity=Severity.ERROR,
    summary="a phase that plans of this kind have is not there",
    find=_find,
)
