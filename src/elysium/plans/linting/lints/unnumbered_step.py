"""A heading among the steps that has no number, so that nobody can name it."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import PartKind

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    section = reading.section("steps")
    for part in section.parts if section else ():
        if part.kind is not PartKind.STEP or not part.number:
            hint = f"call it `Step N: {part.title}`"
            yield defect(part.line, f"{part.title!r} stands among the steps and has no number", hint)
    if section and not section.parts and not reading.steps and any(reading.items_of(section)):
        yield defect(section.line, "the work is not divided into steps", "write headings `Step 0: …`, `Step 1: …`")


LINT = Lint(
    name="unnumbered-step", severity=Severity.ERROR, summary="a heading among the steps has no number", find=_find
)
