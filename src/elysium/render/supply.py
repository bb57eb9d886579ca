"""What the engine found missing while it worked: remote bases and dependencies of charts, from the library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from elysium.model import Failure, UnitState
from elysium.render.locations import Locations
from elysium.render.progress import Task, Unready

__all__ = ["supply"]


def supply(task: Task, needs: Iterable[dict[str, Any]], locations: Locations) -> tuple[Failure, UnitState] | None:
    """Give the task what the engine needs; None when all of it is here, otherwise why the unit cannot be built."""
    asked = list(needs)
    dependencies = list(task.supplied.get("dependencies", ()))
    before = len(task.supplied) + len(dependencies)
    try:
        for need in asked:
            if need.get("kind") == "remote-base":
                task.supplied[str(need["url"])] = locations.remote_base(str(need["url"]))
            else:
                dependencies.append(locations.dependency(need))
    except Unready as unready:
        assert unready.failure is not None
        return unready.failure, UnitState(unready.state)
    if dependencies:
        task.supplied["dependencies"] = dependencies
    if len(task.supplied) + len(dependencies) == before:
        return Failure(code="source", message="the engine asks again for what it was given"), UnitState.UNKNOWN
    return None
