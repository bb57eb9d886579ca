"""A phase that says nowhere when it is over."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Role

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for phase in reading.phases:
        if not any(item.role in (Role.CRITERION, Role.DELIVERABLE) for item in reading.items_of(phase)):
            hint = "write `Exit criteria:` with items, each with a check"
            yield defect(phase.line, f"phase {phase.number} has neither exit criteria nor deliverables", hint)


LINT = Lint(
    name="phase-without-exit", severity=Severity.ERROR, summary="a phase says nowhere when it is over", find=_find
)
