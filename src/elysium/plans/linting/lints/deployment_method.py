"""Step 0 does not say with what an application is deployed: source, version, reason (requirement 0.4.S0)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.methods import METHODS, PREFIX, chosen_method, considered
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]

_VERSION = re.compile(r"\d+\.\d+|@sha256:|\b[0-9a-f]{12,40}\b|\bv\d+\b")
_HINT = 'id=S0.source decided="official-chart; because …" on an item that names source and version'


def _find(reading: Reading) -> Iterator[Defect]:
    if not reading.kind.method:
        return
    step = next((step for step in reading.steps if step.number == "0"), None)
    place = reading.by_id.get(f"{PREFIX}source")
    if place is None or place.item.decision is None or not place.item.decision.chosen:
        yield defect(step.line if step else 1, "step 0 chooses no deployment method", f"write it down: {_HINT}")
        return
    item = place.item
    if item.decision is None or not item.decision.reason:
        yield defect(item.line, "the deployment method is chosen without a reason", f"say why: {_HINT}", item.id)
    if not _VERSION.search(item.title):
        yield defect(item.line, "the source of the deployment has no version", f"name it: {_HINT}", item.id)
    yield from _agreement(reading, item.line)


def _agreement(reading: Reading, line: int) -> Iterator[Defect]:
    method, answers = chosen_method(reading), considered(reading)
    hint = f"the methods are {', '.join(METHODS)}"
    if method not in METHODS:
        yield defect(line, f"there is no deployment method {method!r}", hint, f"{PREFIX}source")
        return
    chosen = [name for name, item in answers.items() if item.decision and item.decision.chosen.lower() == "chosen"]
    if answers and chosen != [method]:
        said = ", ".join(chosen) or "none"
        yield defect(line, f"step 0 names {method}, but {said} is marked as chosen", hint, f"{PREFIX}source")
    for name in METHODS[: METHODS.index(method)]:
        item = answers.get(name)
        if method != "onechart" and (item is None or item.decision is None or not item.decision.chosen):
            message = f"nobody looked whether there is the preferred method {name}"
            after = f'id={PREFIX}{name} decided="rejected; because …"'
            place = item.line if item else line
            yield defect(place, message, after, item.id if item else "", Severity.WARNING)


LINT = Lint(
    name="deployment-method",
    severity=Severity.ERROR,
    summary="step 0 does not say with which source, version and reason the application is deployed",
    find=_find,
)
