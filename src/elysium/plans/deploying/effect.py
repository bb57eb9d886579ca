"""What scaffolding an application would do: its files, and the objects that a render has then and did not have before.

The step of a file follows one rule: nothing that the cluster applies names the new folders before step 6, so that the
main branch is never half-deployed, however long the steps before take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex
from elysium.model import Finding, ObjectId, Render, RenderedObject, Unit, UnitId, UnitKind, UnitState
from elysium.plans.types import PlannedComponent, Reliance
from elysium.scaffold import Action, Change, RepositoryFacts

__all__ = ["Effect", "New", "step_of"]

_SEALED = "sealed-secret"
_OUTSIDE = ("ingress", "certificate")
_PREPARED = ("namespace.yaml", "kustomization.yaml")


class New(msgspec.Struct, frozen=True, kw_only=True):
    """An object that comes with the application; `unit` makes it, from `file` or by `chart`."""

    kind: str
    group: str
    namespace: str
    name: str
    body: dict[str, Any]
    unit: UnitId
    chart: str = ""
    file: str = ""

    @property
    def reference(self) -> str:
        """How checks and declared impact name it: `Kind/namespace/name`, `Kind//name` where it has no namespace."""
        return f"{self.kind}/{self.namespace}/{self.name}"

    @property
    def spec(self) -> Mapping[str, Any]:
        """Its specification; empty where it has none."""
        found = self.body.get("spec")
        return found if isinstance(found, dict) else {}


class Effect(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The files, the two renders, and what is said about them.

    `component` is what was scaffolded, `values` every answer by its name in templates. `relies` are the files of the
    base that the plan was made from. `cluster` is the directory of the cluster that is meant, `commit` the base's.
    """

    component: PlannedComponent
    values: dict[str, Any]
    changes: tuple[Change, ...]
    base: Render
    head: Render
    cluster: str
    version: str = ""
    """The version of the component that writes it."""
    commit: str = ""
    relies: tuple[Reliance, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What `elysium check` has against the files that would be written."""
    placeholders: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Change, ...]:
        """The changes that write something, but for the records of components."""
        return tuple(
            change
            for change in self.changes
            if change.action in (Action.CREATE, Action.CHANGE) and not change.path.startswith(".elysium/")
        )

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Files that are there and that the component would not overwrite."""
        return tuple(change for change in self.changes if change.action is Action.CONFLICT)

    @cached_property
    def before(self) -> ObjectIndex:
        """The objects of the base, to be looked up."""
        return ObjectIndex(unit for unit in self.base.units if unit.id.cluster == self.cluster)

    @cached_property
    def after(self) -> ObjectIndex:
        """The objects with the application."""
        return ObjectIndex(unit for unit in self.head.units if unit.id.cluster == self.cluster)

    @cached_property
    def new(self) -> tuple[New, ...]:
        """The objects that come with it, in the order of the render."""
        known = self.before.by_id
        found: dict[ObjectId, New] = {}
        for unit in self.after.units:
            for item in unit.objects:
                if item.id not in known:
                    found.setdefault(item.id, _new(item, self.after.body(item), unit))
        return tuple(found.values())

    def of(self, *kinds: str) -> tuple[New, ...]:
        """The new objects of some kinds."""
        return tuple(item for item in self.new if item.kind in kinds)

    @property
    def new_units(self) -> tuple[Unit, ...]:
        """The releases and Kustomizations that come with it."""
        known = {unit.id for unit in self.before.units}
        return tuple(unit for unit in self.after.units if unit.id not in known)

    @property
    def unknown(self) -> tuple[Unit, ...]:
        """Units of the application whose objects are not known here, because their source was not fetched."""
        return tuple(unit for unit in self.new_units if unit.state is not UnitState.RENDERED)

    def applier(self, path: str) -> tuple[UnitId, Mapping[str, Any]] | None:
        """The Kustomization of Flux that applies a folder, with its specification."""
        for unit in self.after.units:
            if unit.id.kind is UnitKind.KUSTOMIZATION and unit.path.removeprefix("./").strip("/") == path:
                found = self.after.definition(unit.id)
                body = self.after.body(found) if found else {}
                spec = body.get("spec")
                return unit.id, spec if isinstance(spec, dict) else {}
        return None

    def chain(self, unit: UnitId) -> tuple[str, ...]:
        """The names of what has to be applied before a unit, and the unit itself."""
        return tuple(reversed(list(self._ancestry(unit))))

    def _ancestry(self, unit: UnitId) -> Iterator[str]:
        units = {item.id: item for item in self.after.units}
        seen: set[UnitId] = set()
        while unit in units and unit not in seen:
            seen.add(unit)
            yield unit.name
            unit = next(iter(units[unit].depends_on), UnitId("", UnitKind.KUSTOMIZATION, "", ""))


def _new(item: RenderedObject, body: dict[str, Any], unit: Unit) -> New:
    identity: ObjectId = item.id
    return New(
        kind=identity.kind,
        group=identity.group,
        namespace=identity.namespace,
        name=identity.name,
        body=body,
        unit=unit.id,
        chart=item.origin.chart,
        file="" if item.origin.tree else item.origin.file,
    )


def step_of(path: str, change: Change, facts: RepositoryFacts) -> int:
    """The step that writes a file: 1 base, 2 what runs, 3 secrets, 4 ingress, 5 monitoring, 6 entries, 7 records."""
    if path.startswith(".elysium/"):
        return 7
    listing = change.before is not None and path.endswith(("kustomization.yaml", "kustomization.yml"))
    sealed = _SEALED in path
    if listing or (path.startswith((f"{facts.apps_overlay}/", f"{facts.cluster_path}/")) and not sealed):
        return 6
    if path.startswith((f"{facts.monitoring_configs}/", f"{facts.monitoring_controllers}/")):
        return 5
    return _step_of_name(path, facts)


def _step_of_name(path: str, facts: RepositoryFacts) -> int:
    """The step of a file in the folder of the application."""
    name = path.rpartition("/")[2]
    if _SEALED in name:
        return 3
    if any(word in name for word in _OUTSIDE):
        return 4
    return 1 if path.startswith(f"{facts.apps_base}/") and name in _PREPARED else 2
