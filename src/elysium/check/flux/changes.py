"""What a new minor of Flux does otherwise, where a repository would notice.

Read in the controllers' code: kustomize-controller 1.8 and 1.9, helm-controller 1.5 and 1.6 (the versions of Flux 2.8
and 2.9). What changes an object or fails a unit is seen in the render itself; this says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex
from elysium.evaluate.workloads import mapping
from elysium.model import Render, Unit, UnitKind

__all__ = ["FluxChange", "flux_changes"]


class FluxChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of Flux's behaviour, what to do about it, and the units that it is about."""

    since: str
    summary: str
    advice: str
    units: tuple[str, ...]


_Concerns = Callable[[Unit, dict[str, Any]], bool]


def _undefined(unit: Unit, _spec: dict[str, Any]) -> bool:
    return bool(unit.undefined_variables)


def _hooks(unit: Unit, spec: dict[str, Any]) -> bool:
    """A release whose chart has hooks: Flux's own labels of the release reach them by the same way."""
    return not spec.get("postRenderStrategy") and any(item.hook for item in unit.objects)


def _images(unit: Unit, spec: dict[str, Any]) -> bool:
    return unit.id.kind is UnitKind.KUSTOMIZATION and bool(spec.get("images"))


def _prunes(unit: Unit, spec: dict[str, Any]) -> bool:
    return unit.id.kind is UnitKind.KUSTOMIZATION and bool(spec.get("prune"))


_CHANGES: tuple[tuple[str, str, str, _Concerns], ...] = (
    (
        "2.9",
        "a variable of postBuild without a value fails the build; it was an empty text before",
        "define it, write ${NAME:=} for an empty text, or set the gate StrictPostBuildSubstitutions to false",
        _undefined,
    ),
    (
        "2.9",
        "labels of the release, common metadata and post-renderers apply to Helm hooks, too",
        "set spec.postRenderStrategy to nohooks to keep what was",
        _hooks,
    ),
    (
        "2.9",
        "an image of spec.images that the kustomization names too is merged field by field; it was replaced before",
        "compare the images below",
        _images,
    ),
    (
        "2.9",
        "an object that could not be pruned stays in the inventory and is tried again; it became an orphan before",
        "nothing, unless something was kept on purpose",
        _prunes,
    ),
)


def flux_changes(render: Render, before: str, after: str) -> Iterator[FluxChange]:
    """The changes between two minors that concern units of a render, made for the earlier one."""
    indices = {name: ObjectIndex(unit for unit in render.units if unit.id.cluster == name) for name in render.clusters}
    for since, summary, advice, concerns in _CHANGES:
        if not _number(before) < _number(since) <= _number(after):
            continue
        units = tuple(str(unit.id) for unit in render.units if concerns(unit, _specification(indices, unit)))
        if units:
            yield FluxChange(since=since, summary=summary, advice=advice, units=units)


def _specification(indices: dict[str, ObjectIndex], unit: Unit) -> dict[str, Any]:
    index = indices[unit.id.cluster]
    holder = index.definition(unit.id)
    return mapping(index.body(holder).get("spec")) if holder else {}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
