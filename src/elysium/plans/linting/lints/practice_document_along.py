"""Practice 6: documentation is written along with the work, not after it (requirement 0.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item, Role

__all__ = ["LINT"]

_WORDS = re.compile(r"\b(document(?:s|ed|ation|ing)?|readmes?|runbooks?|change-?log|docs|diagrams?)\b", re.IGNORECASE)


def _find(reading: Reading) -> Iterator[Defect]:
    stages = reading.stages
    if len(stages) < 2:
        return
    documenting = [stage for stage in stages if any(map(_documents, reading.items_of(stage)))]
    if not documenting:
        hint = "write what belongs to a step within it: an item with role=document"
        yield defect(stages[0].line, "no step or phase documents what it does", hint)
    elif documenting == [stages[-1]]:
        hint = "write what belongs to an earlier step within it"
        yield defect(stages[-1].line, f"only the last one, {stages[-1].title!r}, documents anything", hint)


def _documents(item: Item) -> bool:
    return item.role is Role.DOCUMENT or _WORDS.search(item.title) is not None


LINT = Lint(
    name="practice-document-along",
    severity=Severity.WARNING,
    summary="documentation is written along with the work, not in the last step only",
    find=_find,
    strict=True,
)
