"""An item needs one that there is not."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        for needed in place.item.needs:
            if needed not in reading.by_id:
                near = difflib.get_close_matches(needed, reading.by_id, 1)
                hint = f"perhaps {near[0]}" if near else "name the id of an item, or take it out of needs="
                yield defect(place.item.line, f"{place.item.id} needs {needed}, which is no item", hint, place.item.id)


LINT = Lint(
    name="unknown-dependency", severity=Severity.ERROR, summary="an item needs one that there is not", find=_find
)
