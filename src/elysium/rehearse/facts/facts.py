"""The facts of one cluster."""

from __future__ import annotations

import msgspec

from elysium.model import RenderedObject, group_of
from elysium.rehearse.types import Unknown

__all__ = ["Facts"]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is there before Flux applies anything.

    `objects` are to be created in this order. `deferred`: by namespace what is there as soon as a unit has made the
    namespace. `absent`: kinds (group, kind) that nobody defines, whose objects are left out. `made_up`: the settings
    (`nodes`, `storage-classes`, `ingress-classes`, `priority-classes`, `runtime-classes`) in place of which something
    was made up, so that a workload that stays without it is unknown. `nodes` and `classes` (by the same names) are what
    is there. `assumptions` are for the report, `unknown` is what cannot be known.
    """

    objects: tuple[bytes, ...] = ()
    deferred: dict[str, tuple[bytes, ...]] = {}
    absent: frozenset[tuple[str, str]] = frozenset()
    made_up: frozenset[str] = frozenset()
    nodes: tuple[str, ...] = ()
    classes: dict[str, tuple[str, ...]] = {}
    assumptions: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    def lacks(self, item: RenderedObject) -> bool:
        """Whether nothing here defines the kind of an object, so that it is not sent."""
        return (group_of(item.api_version), item.kind) in self.absent
