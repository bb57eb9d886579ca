"""Contradictions that a person found and wrote into the plan."""

from __future__ import annotations

from collections.abc import Iterator

from elysium.plans.contradictions.types import Contradiction
from elysium.plans.types import Plan

__all__ = ["KIND", "registered"]

KIND = "registered"


def registered(plan: Plan) -> Iterator[Contradiction]:
    """What `contradiction=` says in the plan's annotations."""
    for one in plan.contradictions:
        yield Contradiction(kind=KIND, message=one.words, places=(one.line, 0))
