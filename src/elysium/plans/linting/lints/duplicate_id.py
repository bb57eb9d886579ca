"""Two items with the same id: nobody can say which of them is meant."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    for place in reading.places:
        item, first = place.item, reading.by_id[place.item.id].item
        if item is not first:
            message = f"the id {item.id} is there twice, first in line {first.line}"
            yield defect(item.line, message, f"give this one another id: id={item.id}-2", item.id)


LINT = Lint(name="duplicate-id", severity=Severity.ERROR, summary="two items have the same id", find=_find)
