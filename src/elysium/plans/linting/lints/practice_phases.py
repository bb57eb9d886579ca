"""Practice 1: a complex change is split into phases (requirement 0.12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Role

__all__ = ["LINT"]

_MOST_UNDIVIDED = 12
_MOST_IN_A_STAGE = 25


def _find(reading: Reading) -> Iterator[Defect]:
    tasks = [place for place in reading.work if place.item.role in (Role.TASK, Role.DELIVERABLE)]
    if not reading.stages and len(tasks) > _MOST_UNDIVIDED:
        yield defect(1, f"{len(tasks)} tasks stand in no phase and no step", "split the work into phases or steps")
    stages = {stage.line: stage for stage in reading.stages}
    counts = Counter(stage.line for place in tasks if (stage := place.phase or place.step))
    for line, count in sorted(counts.items()):
        if count > _MOST_IN_A_STAGE and line in stages:
            message = f"{stages[line].title!r} has {count} tasks"
            yield defect(line, message, "split it, so that each part can be reviewed and taken back alone")


LINT = Lint(
    name="practice-phases",
    severity=Severity.WARNING,
    summary="a complex change is split into phases or steps, none of them too large",
    find=_find,
    strict=True,
)
