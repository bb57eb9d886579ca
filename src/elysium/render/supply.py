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
    before = len(task.supplied)
    try:
        for need in needs:
            if need.get("kind") == "remote-base":
                url = str(need["url"])
                task.supplied[url] = locations.remote_base(url)
            else:
                task.supplied[_called(need)] = locations.dependency(need)
    except Unready as unready:
        assert unready.failure is not None
        return unready.failure, UnitState(unready.state)
    if len(task.supplied) == before:
        return Failure(code="source", message="the engine asks again for what it was given"), UnitState.UNKNOWN
    return None


def _called(need: dict[str, Any]) -> str:
    return " ".join(str(need.get(field) or "") for field in ("name", "version", "repository"))
