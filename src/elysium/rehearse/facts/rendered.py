"""What the revisions of one cluster render, for those who look for what must be there before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from elysium.evaluate import ObjectIndex, Workload, workloads
from elysium.model import ObjectId, Render, RenderedObject, Unit, UnitState
from elysium.rehearse.types import Phase

__all__ = ["Rendered"]


class Rendered:
    """The units of one cluster in each revision: what they apply, and what those that are suspended would apply."""

    def __init__(self, cluster: str, renders: Sequence[Render]) -> None:
        self._several = len(renders) > 1
        self._units = [[unit for unit in render.units if unit.id.cluster == cluster] for render in renders]

    @cached_property
    def applied(self) -> tuple[ObjectIndex, ...]:
        """The objects that each revision applies, in the order of revisions."""
        return tuple(ObjectIndex(_in(units, UnitState.RENDERED)) for units in self._units)

    @cached_property
    def suspended(self) -> tuple[ObjectIndex, ...]:
        """The objects of suspended units, which the cluster has from the time before."""
        return tuple(ObjectIndex(_in(units, UnitState.SUSPENDED)) for units in self._units)

    @cached_property
    def identities(self) -> frozenset[ObjectId]:
        """Every object that some revision applies."""
        return frozenset(identity for index in self.applied for identity in index.by_id)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that units make."""
        return frozenset(self.names("", "Namespace"))

    @cached_property
    def rooted_namespaces(self) -> frozenset[str]:
        """The namespaces that a root itself makes, as it does when people bootstrap."""
        roots = {unit.id for unit in self.units if unit.parent is None}
        return frozenset(item.name for _, item in self.of_kind("", "Namespace") if item.origin.unit in roots)

    @property
    def units(self) -> Iterator[Unit]:
        """Every unit of every revision."""
        for units in self._units:
            yield from units

    @property
    def is_whole(self) -> bool:
        """Whether no unit is unknown offline: otherwise what is missing may come from there."""
        return all(unit.state is not UnitState.UNKNOWN for unit in self.units)

    def phase(self, number: int) -> Phase:
        """The phase of a revision by its place."""
        return Phase.BASE if self._several and number == 0 else Phase.HEAD

    def of_kind(self, group: str, kind: str) -> Iterator[tuple[ObjectIndex, RenderedObject]]:
        """Every applied object of a kind with the index that knows its body, revision by revision."""
        for index in self.applied:
            for item in index.of_kind(group, kind):
                yield index, item

    def names(self, group: str, kind: str) -> set[str]:
        """The names of the applied objects of a kind."""
        return {item.name for _, item in self.of_kind(group, kind)}

    def workloads(self) -> Iterator[tuple[ObjectIndex, Workload]]:
        """Everything that makes pods, revision by revision."""
        for index in self.applied:
            for workload in workloads(index):
                yield index, workload


def _in(units: Sequence[Unit], state: UnitState) -> list[Unit]:
    return [unit for unit in units if unit.state is state]
