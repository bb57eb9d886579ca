"""Step 0 of `deploy-app`: the methods in the order in which they are preferred, and what a plan says about each."""

from __future__ import annotations

from elysium.plans.linting.reading import Reading
from elysium.plans.types import Item

__all__ = ["METHODS", "PREFIX", "chosen_method", "considered"]

METHODS = ("official-chart", "official-method", "community-chart", "official-kustomize", "onechart")
PREFIX = "S0."


def chosen_method(reading: Reading) -> str:
    """The id of the method that `S0.source` names; empty when there is none."""
    place = reading.by_id.get(f"{PREFIX}source")
    return place.item.decision.chosen.lower() if place and place.item.decision else ""


def considered(reading: Reading) -> dict[str, Item]:
    """The items about the methods, by their ids."""
    found = ((name, reading.by_id.get(f"{PREFIX}{name}")) for name in METHODS)
    return {name: place.item for name, place in found if place is not None}
