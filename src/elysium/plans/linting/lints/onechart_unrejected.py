"""The generic chart is chosen, and not every better method was rejected with a reason (requirement 0.4.S0)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.methods import METHODS, PREFIX, chosen_method, considered
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    source = reading.by_id.get(f"{PREFIX}source")
    planned = next((each for each in reading.plan.components if each.preset == "onechart" or _uses(each.answers)), None)
    if chosen_method(reading) != "onechart" and planned is None:
        return
    line = source.item.line if source else planned.line if planned and planned.line else 1
    answers = considered(reading)
    for name in METHODS[:-1]:
        item = answers.get(name)
        decision = item.decision if item else None
        if decision is None or decision.chosen.lower() != "rejected" or not decision.reason:
            hint = f'look whether there is one, and write id={PREFIX}{name} decided="rejected; by WHO; because REASON"'
            message = f"onechart is the last resort, and {name} is not rejected with a reason"
            yield defect(item.line if item else line, message, hint, f"{PREFIX}{name}" if item else "")


def _uses(answers: dict[str, object]) -> bool:
    return "onechart" in (answers.get("method"), answers.get("source"), answers.get("chart"))


LINT = Lint(
    name="onechart-unrejected",
    severity=Severity.ERROR,
    summary="onechart is chosen without a rejection, with a reason, of each of the four better methods",
    find=_find,
)
