"""Typed marks that what was computed speaks against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from elysium.plans.contradictions.types import Contradiction
from elysium.plans.types import Claim, Mark, Plan

__all__ = ["against_states"]

_UNCLEAR = (Mark.UNKNOWN, Mark.BLOCKED)


def against_states(plan: Plan, states: Mapping[str, Mark]) -> Iterator[Contradiction]:
    """Each item whose typed mark is another than its state; a state that is not known contradicts nothing.

    A mark `partial` is contradicted by no work at all and by complete work alike.
    """
    for place in plan.places():
        state = states.get(place.item.id)
        for claim in place.item.claims if state is not None and state not in _UNCLEAR else ():
            if claim.mark is not state:
                yield _against(place.item.id, claim, state or Mark.UNKNOWN)


def _against(name: str, claim: Claim, state: Mark) -> Contradiction:
    message = f"{name} is marked {claim.mark}, and computed {state}"
    return Contradiction(kind="states", message=message, places=(claim.line, 0), quotes=(claim.words, ""))
