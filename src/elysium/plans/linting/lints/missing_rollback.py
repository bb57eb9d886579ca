"""Nothing says how the change is taken back (requirement 0.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.lines import read_lines
from elysium.plans.linting.reading import Reading
from elysium.plans.types import Role

__all__ = ["LINT"]

_MENTION = re.compile(r"\broll(?:s|ed|ing)?[ -]?back\b", re.IGNORECASE)


def _find(reading: Reading) -> Iterator[Defect]:
    if reading.section("rollback") or any(place.item.role is Role.ROLLBACK for place in reading.places):
        return
    if reading.kind.section("rollback") is None and (
        not reading.work or any(_MENTION.search(line) for _, line, _ in read_lines(reading.plan.text))
    ):
        return
    hint = "write a section `Rollback plan`: suspend, revert, what is cleaned up by hand, how success is told"
    yield defect(1, "nothing says how this is taken back", hint)


LINT = Lint(
    name="missing-rollback", severity=Severity.ERROR, summary="nothing says how the change is taken back", find=_find
)
