"""A class of tests has neither a check that runs nor an explanation why it does not apply (requirement 0.6)."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.test_classes import read_class

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    section = reading.section("tests")
    if section is None:
        return
    for each in reading.kind.test_classes:
        found = read_class(section, each)
        if found.checked or found.explained:
            continue
        name = each.title.lower()
        if found.line:
            message = f"the {name} tests have no check that runs"
            hint = f'add check="…" to one of them, or `**{each.title}**: n/a, because …`'
            yield defect(found.line, message, hint)
        else:
            hint = f"add `- **{each.title}**: …` with a check, or `**{each.title}**: n/a, because …`"
            yield defect(section.line, f"there are no {name} tests", hint)


LINT = Lint(
    name="missing-test-class",
    severity=Severity.ERROR,
    summary="one of the six classes of tests has neither a check that runs nor an explained n/a",
    find=_find,
)
