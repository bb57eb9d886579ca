"""The way back is described, and nothing tells whether it leads back (requirement 0.7)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    section = reading.section("rollback")
    if section is not None and not any(item.checks for item in reading.items_of(section)):
        hint = 'give an item a check, such as check="object Kustomization/flux-system/apps spec.prune=true"'
        yield defect(section.line, "no item of the rollback has a check", hint)


LINT = Lint(
    name="rollback-unchecked",
    severity=Severity.ERROR,
    summary="the rollback is described, and none of its items has a check",
    find=_find,
)
