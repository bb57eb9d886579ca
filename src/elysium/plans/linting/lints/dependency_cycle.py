"""Items that need each other in a circle: none of them can be the first."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.model import Severity
from elysium.plans.linting.definition import Defect, Lint, defect
from elysium.plans.linting.reading import Reading

__all__ = ["LINT"]


def _find(reading: Reading) -> Iterator[Defect]:
    done: set[str] = set()
    for start in reading.by_id:
        for circle in _circles(start, reading, done):
            item = reading.by_id[circle[0]].item
            shown = " → ".join((*circle, circle[0]))
            yield defect(item.line, f"these need each other: {shown}", "take one of the dependencies out", item.id)


def _circles(start: str, reading: Reading, done: set[str]) -> Iterator[list[str]]:
    """The circles that are reached from an item, each once; `done` are items that were looked at before."""
    path: list[str] = []
    on_path: dict[str, int] = {}
    waiting: list[tuple[str, bool]] = [(start, True)]
    while waiting:
        name, enter = waiting.pop()
        if not enter:
            path.pop()
            del on_path[name]
            done.add(name)
        elif name in on_path:
            yield path[on_path[name] :]
        elif name not in done and name in reading.by_id:
            on_path[name] = len(path)
            path.append(name)
            waiting.append((name, False))
            waiting += [(needed, True) for needed in reversed(reading.by_id[name].item.needs)]


LINT = Lint(name="dependency-cycle", severity=Severity.ERROR, summary="items need each other in a circle", find=_find)
