"""Work that nobody has. A list in which no item has an owner is told once; criteria are met by others' work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading
from elysium.plans.types import ItemPlace, Role

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    work = [place for place in reading.work if place.item.role is not Role.CRITERION]
    for _, group in groupby(work, lambda place: place.part.line if place.part else 0):
        places = tuple(group)
        unowned = [place for place in places if not reading.owner(place)]
        if len(unowned) == len(places) > 1:
            yield _whole(unowned)
        else:
            yield from (_single(place) for place in unowned)


def _whole(places: list[ItemPlace]) -> Defect:
    part = places[0].part
    line, title = (part.line, part.title) if part else (places[0].item.line, "")
    message = f"none of the {len(places)} items of {title!r} has an owner"
    return defect(line, message, "add owner=NAME to the heading, `<!-- plan: owner=NAME -->`, or to each item")


def _single(place: ItemPlace) -> Defect:
    return defect(place.item.line, f"{place.item.id} has no owner", "add owner=NAME to it", place.item.id)


LINT = Lint(name="unowned-item", severity=Severity.WARNING, summary="work has no owner", find=_find)
