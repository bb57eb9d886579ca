"""What waits for what on a fresh cluster: a graph of events, in which a circle is a deadlock.

Each unit has two events: it is *applied*, and it is *ready*. `dependsOn` waits until the other is ready, a reference
until the other is applied, a child until its parent is applied, and a parent with `wait` or health checks until its
children are ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.check.absence import makers
from elysium.check.absence.certainty import vouched
from elysium.check.context import Context
from elysium.check.flux import references
from elysium.evaluate.index import GROUPS
from elysium.model import Unit, UnitId, UnitKind, UnitState, group_of

__all__ = ["Wait", "waits"]


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """`source`, an event, waits for the event `target`. `why` is the field; `path` is where it stands in `unit`."""

    unit: Unit
    source: str
    target: str
    why: str
    path: tuple[str | int, ...] = ()


def waits(context: Context, cluster: str) -> Iterator[Wait]:
    """Everything that waits in one cluster."""
    for unit in context.units_of(cluster):
        name = str(unit.id)
        yield Wait(unit=unit, source=f"{name} ready", target=f"{name} applied", why="")
        for number, target in enumerate(unit.depends_on):
            path = ("spec", "dependsOn", number, "name")
            yield Wait(unit=unit, source=f"{name} applied", target=f"{target} ready", why="dependsOn", path=path)
        if unit.parent and unit.parent != unit.id:
            yield Wait(unit=unit, source=f"{name} applied", target=f"{unit.parent} applied", why="")
        yield from _references(context, unit)
        yield from _health(context, unit)


def _references(context: Context, unit: Unit) -> Iterator[Wait]:
    for reference in references.of_unit(context, unit):
        if reference.optional:
            continue
        producers = _producers(context, reference)
        if len(producers) == 1:
            yield Wait(
                unit=unit,
                source=f"{unit.id} applied",
                target=f"{producers.pop()} applied",
                why=f"{reference.field} {reference.kind} {reference.name}",
                path=(*reference.path, "name"),
            )


def _producers(context: Context, reference: references.Reference) -> set[UnitId]:
    if vouched(context, reference.unit.id.cluster, str(reference)):
        return set()
    target = references.find(context, reference)
    if target is not None and target.items:
        return {item.origin.unit for item in target.items}
    cluster = reference.unit.id.cluster
    unfinished = makers.unfinished_makers(context, cluster, reference.kind, reference.name)
    return {unit.id for unit in unfinished if unit.state is not UnitState.SUSPENDED}


def _health(context: Context, unit: Unit) -> Iterator[Wait]:
    """A Kustomization with `wait` is ready when its children are, with health checks when those it names are."""
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    if holder is None or unit.id.kind is not UnitKind.KUSTOMIZATION:
        return
    spec: Any = index.body(holder).get("spec")
    if not isinstance(spec, dict):
        return
    listed = spec.get("healthChecks")
    checks = listed if isinstance(listed, list) and not spec.get("wait") else []
    for item in unit.objects:
        child = _unit_of(context, unit.id.cluster, item.api_version, item.kind, item.namespace, item.name)
        if child is None or child == unit.id:
            continue
        named = any(_names(entry, item.kind, item.namespace, item.name, unit) for entry in checks)
        if spec.get("wait") or named:
            field = "wait" if spec.get("wait") else "healthChecks"
            yield Wait(unit=unit, source=f"{unit.id} ready", target=f"{child} ready", why=field, path=("spec", field))


def _unit_of(context: Context, cluster: str, api_version: str, kind: str, namespace: str, name: str) -> UnitId | None:
    for known, group in GROUPS.items():
        if kind == known.value and group_of(api_version) == group:
            identity = UnitId(cluster, known, namespace, name)
            return identity if identity in context.units else None
    return None


def _names(entry: Any, kind: str, namespace: str, name: str, unit: Unit) -> bool:
    if not isinstance(entry, dict):
        return False
    wanted = (entry.get("kind"), entry.get("namespace") or unit.id.namespace, entry.get("name"))
    return wanted == (kind, namespace, name)
