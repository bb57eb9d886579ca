"""A check that no verb understands: verifying could never tell anything by it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans import checks
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Check

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        for check in place.item.checks:
            problem, hint = _problem(check)
            if problem:
                yield defect(place.item.line, f"{place.item.id}: {problem}", hint, place.item.id)


def _problem(check: Check) -> tuple[str, str]:
    verb = checks.VERBS.get(check.verb)
    if verb is None:
        near = difflib.get_close_matches(check.verb, checks.VERBS, 1)
        known = f"perhaps {near[0]}" if near else f"there are {', '.join(checks.VERBS)}"
        return f"no check is called {check.verb!r}", known
    return verb.refuse(check.arguments), f"it is written `{verb.usage}`, for example `{verb.example}`"


LINT = Lint(
    name="unreadable-check", severity=Severity.ERROR, summary="a check is none that Elysium can make", find=_find
)
