"""The document says a kind that there is not, so nothing that a kind demands is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.errors import UsageError
from elysium.model import Severity
from elysium.plans import kinds
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    try:
        kinds.find(reading.plan.kind)
    except UsageError as error:
        yield defect(1, f"{error.message}; nothing that a kind demands is looked at", error.hint)


LINT = Lint(name="unknown-kind", severity=Severity.ERROR, summary="the plan says a kind that there is not", find=_find)
