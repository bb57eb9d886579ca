"""A section that plans of this kind have is not there (requirements 0.1–0.10 for the ten)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for section in reading.kind.sections:
        if section.required and section.key != "rollback" and reading.section(section.key) is None:
            hint = f"write a heading `{section.title}`, or add `<!-- plan: section={section.key} -->` to the one it is"
            yield defect(1, f"there is no section {section.title}, which a plan of kind {reading.kind.name} has", hint)


LINT = Lint(
    name="missing-section",
    severity=Severity.ERROR,
    summary="a section that plans of this kind have is not there",
    find=_find,
)
