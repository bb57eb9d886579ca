"""Practice 2: every dependency is named before the work starts (requirement 0.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.stages import begins_work, written_before

__all__ = ["LINT"]

_WORDS = re.compile(
    r"\b(depend(?:s|ency|encies|ent)?|prerequisites?|requires?|requirements?|needs?|sequential(?:ly)?|in order)\b",
    re.IGNORECASE,
)


def _find(reading: Reading) -> Iterator[Defect]:
    line = begins_work(reading)
    if line and not any(_WORDS.search(text) for text in written_before(reading, line)) and not _ordered(reading):
        yield defect(line, "the work begins, and nothing says what it depends on", "name the dependencies before it")
    section = reading.section("requirements")
    if line and section is not None and section.line > line:
        yield defect(section.line, "what is required stands behind the work", "move this section before the first step")


def _ordered(reading: Reading) -> bool:
    """Whether the first stage's items say what they need."""
    first = reading.stages[0] if reading.stages else None
    return first is not None and any(item.needs for item in reading.items_of(first))


LINT = Lint(
    name="practice-dependencies",
    severity=Severity.WARNING,
    summary="what the work depends on is named before it begins",
    find=_find,
    strict=True,
)
