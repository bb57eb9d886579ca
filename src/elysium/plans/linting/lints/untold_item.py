"""Work of which nobody can tell whether it is done: no check, no attestation, no decision."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.vague import vague_word
from elysium.plans.types import Role

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.work:
        item = place.item
        if item.checks or item.manual or item.decision or vague_word(item):
            continue
        severity = Severity.ERROR if item.role is Role.CRITERION else None
        hint = 'add check="…", manual="what somebody has to see", decision, or deferred="the trigger"'
        yield defect(item.line, f"nothing tells whether {item.id} is done", hint, item.id, severity)


LINT = Lint(
    name="untold-item",
    severity=Severity.WARNING,
    summary="an item has neither a check nor an attestation nor a decision",
    find=_find,
)
