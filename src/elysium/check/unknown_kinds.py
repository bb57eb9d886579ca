"""Kinds that nothing here can judge: no CRD of the cluster, none that the settings name, none in the catalogue."""

from __future__ import annotations

import msgspec

from elysium.model import ObjectReference, Problem, Render, RenderedObject, Unit, UnitKind, UnitState

__all__ = ["UnknownKind", "unknown_kinds"]

_NO_SCHEMA = "no-schema"
_REMEDY = "commit the CRD, or name a folder with it or with its JSON Schema in `schemas` of elysium.toml"


class UnknownKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind without a schema: how many objects there are, one of them with its place, and what would make it known."""

    api_version: str
    kind: str
    objects: int
    reason: str
    example: ObjectReference
    file: str
    line: int
    unit: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.api_version} {self.kind}"


def unknown_kinds(render: Render) -> tuple[UnknownKind, ...]:
    """The kinds that no schema is known of, those with the most objects first."""
    remedy = _remedy(render)
    found: dict[tuple[str, str], UnknownKind] = {}
    for unit in render.units:
        for item in unit.objects:
            for problem in item.problems:
                if problem.code == _NO_SCHEMA:
                    name = (item.api_version, item.kind)
                    known = found.get(name) or _first(unit, item, problem, remedy)
                    found[name] = msgspec.structs.replace(known, objects=known.objects + 1)
    return tuple(sorted(found.values(), key=lambda kind: (-kind.objects, kind.api_version, kind.kind)))


def _first(unit: Unit, item: RenderedObject, problem: Problem, remedy: str) -> UnknownKind:
    at = item.origin.position or (unit.defined_by.position if unit.defined_by else None)
    return UnknownKind(
        api_version=item.api_version,
        kind=item.kind,
        objects=0,
        reason=problem.message,
        example=ObjectReference(api_version=item.api_version, kind=item.kind, namespace=item.namespace, name=item.name),
        file=at.file if at else "",
        line=at.line if at else 0,
        unit=str(unit.id),
        remedy=remedy,
    )


def _remedy(render: Render) -> str:
    """A release whose chart is not known may bring the CRD."""
    charts = any(unit.id.kind is UnitKind.HELM_RELEASE and unit.state is UnitState.UNKNOWN for unit in render.units)
    return f"map the chart that brings it, {_REMEDY}" if charts else _REMEDY
