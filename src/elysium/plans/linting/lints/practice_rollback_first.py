"""Practice 3: the way back is planned from the beginning (requirement 0.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.linting.stages import begins_work, written_before

__all__ = ["LINT"]

_WORDS = re.compile(r"\b(roll(?:s|ed|ing)?[ -]?back|revert(?:s|ed|ing)?|way back|taken back)\b", re.IGNORECASE)


def _find(reading: Reading) -> Iterator[Defect]:
    line = begins_work(reading)
    if line and not any(_WORDS.search(text) for text in written_before(reading, line)):
        hint = "say before it, in the overview or in step 0, how the change is taken back and from which commit"
        yield defect(line, "the work begins, and nothing before it says how it is taken back", hint)


LINT = Lint(
    name="practice-rollback-first",
    severity=Severity.WARNING,
    summary="the way back is planned before the work begins",
    find=_find,
    strict=True,
)
