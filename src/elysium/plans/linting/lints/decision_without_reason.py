"""Something was decided, and nobody will know why."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        item, decision = place.item, place.item.decision
        if decision is not None and decision.chosen and not decision.reason:
            hint = f'decided="{decision.chosen}; by WHO; DATE; because REASON; revisit TRIGGER"'
            yield defect(item.line, f"the decision {item.id} has no reason", hint, item.id)


LINT = Lint(name="decision-without-reason", severity=Severity.ERROR, summary="a decision has no reason", find=_find)
