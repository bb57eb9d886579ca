"""One revision as it will be replayed: its units with how they are reconciled and what they apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from elysium.cluster.protocol import Reference
from elysium.model import ObjectId, Render, RenderedObject, Unit, UnitId, UnitState
from elysium.rehearse.preparing import Prepared
from elysium.rehearse.specification import Specification, defining_object, read_specification
from elysium.rehearse.types import Phase, Unknown

__all__ = ["Part", "Scenario", "Sent", "stage"]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """An object as it was rendered, and what is sent to the server for it. `opaque`: the cluster alone knows a part."""

    item: RenderedObject
    raw: bytes
    opaque: bool = False

    @property
    def reference(self) -> Reference:
        group, _, version = self.item.api_version.rpartition("/")
        return Reference(
            group=group, version=version, kind=self.item.kind, namespace=self.item.namespace, name=self.item.name
        )


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of a scenario.

    `awaited`: another unit depends on its readiness. `written`: the `spec` that defines it.
    """

    unit: Unit
    specification: Specification
    objects: tuple[Sent, ...]
    awaited: bool = False
    written: Any = None

    @property
    def id(self) -> UnitId:
        return self.unit.id

    def is_as(self, other: Part) -> bool:
        """Whether both would make the same Helm release: the same chart, values and manifest.

        helm-controller upgrades only when one of these has changed (its in-sync state); then no hook runs, either.
        """
        return (
            self.unit.chart == other.unit.chart
            and self.written == other.written
            and [sent.raw for sent in self.objects] == [sent.raw for sent in other.objects]
        )

    @property
    def lasting(self) -> list[Sent]:
        """What belongs to the unit: hooks come and go, and the CRDs of a chart's `crds/` are no part of its release."""
        return [sent for sent in self.objects if sent.item.hook is None and not sent.item.crd]


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """What one phase replays. `parts` are the units that Flux would reconcile, in the render's order.

    `failed` are those that Flux itself cannot build, `beyond` those that are there and are left alone (suspended,
    unknown offline, of another cluster). `makers`: which unit applies an object.
    """

    phase: Phase
    revision: str
    parts: dict[UnitId, Part]
    failed: tuple[Unit, ...] = ()
    beyond: frozenset[UnitId] = frozenset()
    makers: dict[ObjectId, UnitId] = {}
    unknown: tuple[Unknown, ...] = ()


def stage(render: Render, cluster: str, phase: Phase, prepare: Callable[[RenderedObject], Prepared]) -> Scenario:
    """The scenario of one cluster. `prepare` gives what is sent for an object."""
    found = [unit for unit in render.units if unit.id.cluster == cluster]
    bodies = _definitions(found)
    specifications = {unit.id: read_specification(unit.id, bodies.get(unit.id, {})) for unit in found}
    active = [unit for unit in found if _active(unit, specifications[unit.id])]
    awaited = _awaited(active, specifications)
    unknown = list(_unknowns(found, specifications, phase))
    if cluster not in render.clusters and phase is not Phase.BASE:
        message = f"{cluster} is not in this revision: what becomes of what Flux has applied there is not known"
        unknown.append(Unknown(phase=phase, code="unit", message=message))
    parts = {}
    for unit in active:
        objects = _prepared(unit, prepare, unknown)
        parts[unit.id] = Part(
            unit=unit,
            specification=specifications[unit.id],
            objects=objects,
            awaited=unit.id in awaited,
            written=bodies.get(unit.id, {}).get("spec"),
        )
    unknown += [_left_out(identity, phase) for identity in _undefined(parts)]
    failed = tuple(unit for unit in found if unit.state is UnitState.FAILED and not _exceeds(unit))
    gone = {*parts, *(unit.id for unit in failed)}
    return Scenario(
        phase=phase,
        revision=render.revision,
        parts=parts,
        failed=failed,
        beyond=frozenset(unit.id for unit in found if unit.id not in gone),
        makers={sent.item.id: part.id for part in parts.values() for sent in part.objects},
        unknown=tuple(unknown),
    )


def _undefined(parts: dict[UnitId, Part]) -> list[UnitId]:
    """Take out the units whose defining object is not sent, since its kind is defined nowhere, with all they make."""
    sent = {item.item.id for part in parts.values() for item in part.objects}
    left_out = {item.id for part in parts.values() for item in part.unit.objects} - sent
    found: list[UnitId] = []
    while lost := [
        item for item in parts.values() if defining_object(item.id) in left_out or item.unit.parent in found
    ]:
        for part in lost:
            found.append(part.id)
            del parts[part.id]
    return found


def _left_out(unit: UnitId, phase: Phase) -> Unknown:
    message = "what defines it cannot be sent, since its kind is defined nowhere here: its objects are not applied"
    return Unknown(phase=phase, code="unit", unit=unit, message=message)


def _prepared(unit: Unit, prepare: Callable[[RenderedObject], Prepared], unknown: list[Unknown]) -> tuple[Sent, ...]:
    found = []
    for item in unit.objects:
        prepared = prepare(item)
        unknown += prepared.unknown
        if prepared.raw is not None:
            found.append(Sent(item=item, raw=prepared.raw, opaque=prepared.opaque))
    return tuple(found)


def _exceeds(unit: Unit) -> bool:
    """Whether rendering took more time or memory than it may, of which Flux knows nothing."""
    return unit.failure is not None and unit.failure.code == "exceeded"


def _active(unit: Unit, specification: Specification) -> bool:
    return unit.state is UnitState.RENDERED and not specification.elsewhere


def _definitions(units: Iterable[Unit]) -> dict[UnitId, dict[str, Any]]:
    """The objects that define units, from whoever makes them."""
    wanted = {(unit.id.cluster, defining_object(unit.id)): unit.id for unit in units}
    kinds = {identity.kind for _, identity in wanted}
    return {
        wanted[key]: item.body()
        for unit in units
        for item in unit.objects
        if item.kind in kinds and (key := (unit.id.cluster, item.id)) in wanted
    }


def _awaited(units: Iterable[Unit], specifications: Mapping[UnitId, Specification]) -> set[UnitId]:
    """The units whose readiness others wait for, among them those that an awaited unit waits for as its objects."""
    known = {unit.id: unit for unit in units}
    children = defaultdict(list)
    for unit in known.values():
        if unit.parent:
            children[unit.parent].append(unit.id)
    open_ones = [needed for unit in known.values() for needed in _waits_for(unit, specifications[unit.id])]
    found: set[UnitId] = set()
    while open_ones:
        identity = open_ones.pop()
        if identity in found or identity not in known:
            continue
        found.add(identity)
        specification = specifications[identity]
        open_ones += [child for child in children[identity] if specification.awaits(child)]
    return found


def _waits_for(unit: Unit, specification: Specification) -> list[UnitId]:
    return [needed for needed in unit.depends_on if needed not in specification.ready_by_expression]


def _unknowns(units: Iterable[Unit], specifications: Mapping[UnitId, Specification], phase: Phase) -> Iterable[Unknown]:
    for unit in units:
        if unit.state is UnitState.UNKNOWN:
            need = unit.failure.need if unit.failure else None
            remedy = need.remedy if need else ""
            yield Unknown(phase=phase, code="unit", unit=unit.id, message=unit.reason, remedy=remedy)
        elif _exceeds(unit):
            message = f"{unit.reason}: a limit of Elysium, not one of Flux"
            yield Unknown(phase=phase, code="unit", unit=unit.id, message=message)
        elif unit.state is UnitState.SUSPENDED:
            message = f"it is suspended: its {len(unit.objects)} objects are not applied until it is resumed"
            yield Unknown(phase=phase, code="suspended", unit=unit.id, message=message)
        elif specifications[unit.id].elsewhere and unit.state is UnitState.RENDERED:
            message = "it applies to another cluster (spec.kubeConfig)"
            yield Unknown(phase=phase, code="unit", unit=unit.id, message=message)
