"""What an upgrade of Flux or Kubernetes changes in this repository: both ends are rendered, checked and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from elysium.api.options import Options
from elysium.api.report import Report
from elysium.api.workspace import Progress, Workspace
from elysium.check.flux.changes import FluxChange, flux_changes
from elysium.check.identity import difference, of_finding
from elysium.errors import UsageError
from elysium.evaluate.differing import FieldChange, differences
from elysium.model import Finding, ObjectId, Render, RenderedObject, Severity, UnitId, UnitState

__all__ = ["ObjectChange", "UnitChange", "Upgrade", "compare_versions", "version_range"]

_APIS = ("removed-api", "removed-flux-api")


class UnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """A unit whose outcome differs; a state is empty where there is no such unit."""

    unit: UnitId
    before: str
    after: str
    reason: str = ""


class ObjectChange(msgspec.Struct, frozen=True, kw_only=True):
    """An object that is `added`, `removed` or `changed`, with the fields that differ."""

    unit: UnitId
    object: ObjectId
    change: str
    fields: tuple[FieldChange, ...] = ()


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs. Versions are `(Flux, Kubernetes)`. `apis` are all findings about versions of APIs that
    are removed or deprecated afterwards, whether or not they are among those that `appeared`.
    """

    revision: str
    before: tuple[str, str]
    after: tuple[str, str]
    units: tuple[UnitChange, ...]
    objects: tuple[ObjectChange, ...]
    apis: tuple[Finding, ...]
    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    flux_changes: tuple[FluxChange, ...]

    @property
    def breaks(self) -> bool:
        """Whether something fails afterwards that did not before."""
        failing = any(item.after == UnitState.FAILED.value for item in self.units)
        errors = any(item.severity is Severity.ERROR for item in self.appeared)
        return failing or errors


def version_range(text: str) -> tuple[str, str]:
    """The ends of `2.8..2.9`; a single version is both."""
    before, dots, after = text.partition("..")
    if dots and (not before or not after or before == after):
        raise UsageError(f"{text!r} is no range of versions", hint="write OLD..NEW, such as 2.8..2.9")
    return before, after or before


def compare_versions(
    path: Path, options: Options, *, rules: tuple[str, ...] = (), profile: str = "", progress: Progress | None = None
) -> Upgrade:
    """What changes when the versions of the options, of which one at least is a range, go from one end to the other."""
    flux, kubernetes = version_range(options.flux or ""), version_range(options.kubernetes or "")
    ends = []
    for number in (0, 1):
        chosen = msgspec.structs.replace(options, flux=flux[number] or None, kubernetes=kubernetes[number] or None)
        with Workspace(path, options=chosen, progress=progress) as workspace:
            ends.append((workspace.render(), workspace.check(rules=rules, profile=profile)))
    return _compared(*ends[0], *ends[1])


def _compared(before: Render, earlier: Report, after: Render, later: Report) -> Upgrade:
    old, new = earlier.findings, later.findings
    return Upgrade(
        revision=after.revision,
        before=(before.flux, before.kubernetes),
        after=(after.flux, after.kubernetes),
        units=tuple(_units(before, after)),
        objects=tuple(_objects(before, after)),
        apis=tuple(item for item in new if item.rule in _APIS),
        appeared=difference(new, map(of_finding, old)).new,
        gone=difference(old, map(of_finding, new)).new,
        flux_changes=tuple(flux_changes(before, before.flux, after.flux)),
    )


def _units(before: Render, after: Render) -> Iterator[UnitChange]:
    old = {unit.id: unit for unit in before.units}
    new = {unit.id: unit for unit in after.units}
    for identity in dict.fromkeys([*old, *new]):
        one, other = old.get(identity), new.get(identity)
        states = (one.state.value if one else "", other.state.value if other else "")
        if states[0] != states[1]:
            yield UnitChange(unit=identity, before=states[0], after=states[1], reason=other.reason if other else "")


def _objects(before: Render, after: Render) -> Iterator[ObjectChange]:
    """What differs in units that rendered at both ends: a failure on one side is no deletion."""
    new = {unit.id: unit for unit in after.units if unit.state is not UnitState.FAILED}
    for unit in before.units:
        other = new.get(unit.id)
        if other is None or UnitState.UNKNOWN in (unit.state, other.state) or unit.state is UnitState.FAILED:
            continue
        old_objects, new_objects = _by_id(unit.objects), _by_id(other.objects)
        for identity in dict.fromkeys([*old_objects, *new_objects]):
            change = _object(unit.id, identity, old_objects.get(identity), new_objects.get(identity))
            if change is not None:
                yield change


def _object(
    unit: UnitId, identity: ObjectId, before: RenderedObject | None, after: RenderedObject | None
) -> ObjectChange | None:
    if before is None or after is None:
        return ObjectChange(unit=unit, object=identity, change="added" if before is None else "removed")
    if before.raw == after.raw:
        return None
    fields = tuple(differences(before.body(), after.body()))
    return ObjectChange(unit=unit, object=identity, change="changed", fields=fields) if fields else None


def _by_id(objects: tuple[RenderedObject, ...]) -> dict[ObjectId, RenderedObject]:
    return {item.id: item for item in objects}
