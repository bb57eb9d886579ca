"""What is known of the cluster that the API server stands for, and where its objects come from."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from elysium.evaluate import Node
from elysium.model import ObjectId, UnitId

__all__ = ["Placed", "Places", "World"]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The unit that makes an object, and its place in the repository; `file` is empty for what a chart made."""

    unit: UnitId
    file: str = ""
    line: int = 0


Places = Mapping[ObjectId, Placed]


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around the objects.

    `made_up_nodes`: nobody declared the nodes, so that no scheduler's word about them counts. `made_up_classes` and
    `made_up_ingress_classes`: the same for storage and ingress classes. `ingress_classes` are those that somebody
    serves. `controllers`: whether a controller manager and a scheduler run. `nodes` are the declared ones.
    """

    made_up_nodes: bool = False
    made_up_classes: bool = False
    made_up_ingress_classes: bool = False
    ingress_classes: frozenset[str] = frozenset()
    controllers: bool = True
    nodes: tuple[Node, ...] = ()
