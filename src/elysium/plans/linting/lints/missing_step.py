"""A step that plans of this kind have is not there (requirement 0.4)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    there = {step.number for step in reading.steps}
    section = reading.section("steps")
    for step in reading.kind.steps:
        if step.number not in there:
            hint = f"write `Step {step.number}: {step.title}`; a step without work says why it has none"
            yield defect(section.line if section else 1, f"there is no step {step.number} ({step.title})", hint)


LINT = Lint(
    name="missing-step", severity=Severity.ERROR, summary="a step that plans of this kind have is not there", find=_find
)
