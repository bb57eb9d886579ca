"""How long a push takes until Flux applies it, at worst.

Flux sees a push when the source is fetched again: after its `interval`, or at once when a Receiver announces it. A new
revision starts every Kustomization that is built from it (kustomize-controller watches sources). One that depends on
another is put off until that has applied the revision, and asks again every 30 seconds (`--requeue-dependency` of
kustomize-controller and helm-controller). A HelmRelease changes when the Kustomization that makes it is applied.

What objects take to become ready is not Flux's waiting and not counted: `ready` says how long it may go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from elysium.kit import durations
from elysium.model import Render, RenderedObject, Unit, UnitId, UnitKind, UnitState

__all__ = ["Arrival", "Step", "arrivals"]

_REQUEUE = 30
_SOURCES = ("GitRepository", "OCIRepository", "Bucket")
_KINDS = (*_SOURCES, "Receiver", "Kustomization", "HelmRelease", "FluxInstance")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One wait on the way, in seconds."""

    what: str
    seconds: int


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """When a unit is applied at worst, in seconds after a push; None with the reason where nothing here says so.

    `ready`: units on the way whose objects have to be ready first, each with the longest time that Flux gives them.
    """

    cluster: str
    unit: str
    seconds: int | None = None
    steps: tuple[Step, ...] = ()
    ready: tuple[Step, ...] = ()
    reason: str = ""


def arrivals(render: Render) -> tuple[Arrival, ...]:
    """One for each unit of every cluster that is not suspended, in the order of the render."""
    found: list[Arrival] = []
    for cluster in render.clusters:
        known = _Cluster(cluster, [unit for unit in render.units if unit.id.cluster == cluster])
        found += [known.arrival(unit.id) for unit in known.units.values() if unit.state is not UnitState.SUSPENDED]
    return tuple(found)


class _Cluster:
    """The units of a cluster, and the specifications of what makes them wait."""

    def __init__(self, cluster: str, units: list[Unit]) -> None:
        self.cluster = cluster
        self.units = {unit.id: unit for unit in units}
        self._specs: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._arrivals: dict[UnitId, Arrival] = {}
        self._open: set[UnitId] = set()
        for item in (item for unit in units for item in unit.objects if item.kind in _KINDS and _of_flux(item)):
            self._specs[item.kind, item.namespace, item.name] = _mapping(item.body().get("spec"))

    def arrival(self, unit: UnitId) -> Arrival:
        """When a unit is applied at worst."""
        if unit not in self._arrivals:
            if unit in self._open:
                return self._unknown(unit, "it waits for itself")
            self._open.add(unit)
            self._arrivals[unit] = self._latest(unit, list(self._ways(unit)))
            self._open.discard(unit)
        return self._arrivals[unit]

    def _latest(self, unit: UnitId, ways: list[Arrival]) -> Arrival:
        for way in ways:
            if way.seconds is None:
                return self._unknown(unit, way.reason)
        if not ways:
            return self._unknown(unit, f"nothing says what {unit} is built from")
        return msgspec.structs.replace(max(ways, key=lambda way: way.seconds or 0), unit=str(unit))

    def _ways(self, unit: UnitId) -> Iterator[Arrival]:
        """What has to happen first, each as the arrival that it allows."""
        known = self.units.get(unit)
        if known is None:
            yield self._unknown(unit, f"{unit} is not in this repository")
            return
        if unit.kind is UnitKind.KUSTOMIZATION:
            yield self._fetched(unit)
        if known.parent is not None:
            yield self.arrival(known.parent)
        for needed in known.depends_on:
            before = self.arrival(needed)
            if before.seconds is None:
                yield before
                continue
            step = Step(what=f"{unit} asks again for {needed}", seconds=_REQUEUE)
            yield self._after(before, step, self._ready(needed))

    def _after(self, before: Arrival, step: Step, ready: tuple[Step, ...]) -> Arrival:
        return msgspec.structs.replace(
            before,
            seconds=(before.seconds or 0) + step.seconds,
            steps=(*before.steps, step),
            ready=(*before.ready, *ready),
        )

    def _fetched(self, unit: UnitId) -> Arrival:
        """The source of a Kustomization is fetched."""
        reference = _mapping(self._spec(unit).get("sourceRef"))
        kind, name = str(reference.get("kind") or "GitRepository"), str(reference.get("name") or unit.namespace)
        namespace = str(reference.get("namespace") or unit.namespace)
        shown = f"{kind}/{namespace}/{name}"
        if self._announced(kind, namespace, name):
            return self._arrived(unit, Step(what=f"a Receiver announces a push to {shown}", seconds=0))
        written = self._specs.get((kind, namespace, name), {}).get("interval") or self._of_instance(namespace, name)
        seconds = durations.seconds(written) if isinstance(written, str) else None
        if seconds is None:
            return self._unknown(unit, f"nothing here says how often {shown} is fetched")
        return self._arrived(unit, Step(what=f"{shown} is fetched every {written}", seconds=seconds))

    def _of_instance(self, namespace: str, name: str) -> str:
        """The interval of the source that a FluxInstance makes: of flux-operator's API, a minute by default."""
        for (kind, place, _), spec in self._specs.items():
            sync = _mapping(spec.get("sync"))
            if kind == "FluxInstance" and place == namespace and name == (sync.get("name") or namespace):
                return str(sync.get("interval") or "1m")
        return ""

    def _announced(self, kind: str, namespace: str, name: str) -> bool:
        for (own, place, _), spec in self._specs.items():
            resources = spec.get("resources") if own == "Receiver" else None
            for entry in map(_mapping, resources if isinstance(resources, list) else ()):
                named = entry.get("name") in ("*", name) or bool(entry.get("matchLabels"))
                if entry.get("kind") == kind and (entry.get("namespace") or place) == namespace and named:
                    return True
        return False

    def _ready(self, unit: UnitId) -> tuple[Step, ...]:
        """How long Flux waits for the objects of a unit, if it does. Without `timeout` that is as long as `interval`
        of a Kustomization, and five minutes of a HelmRelease.
        """
        spec = self._spec(unit)
        kustomization = unit.kind is UnitKind.KUSTOMIZATION
        if kustomization and not (spec.get("wait") or spec.get("healthChecks")):
            return ()
        written = spec.get("timeout") or (spec.get("interval") if kustomization else "5m")
        seconds = durations.seconds(written) if isinstance(written, str) else None
        return (Step(what=f"{unit} becomes ready", seconds=seconds),) if seconds else ()

    def _spec(self, unit: UnitId) -> dict[str, Any]:
        return self._specs.get((unit.kind.value, unit.namespace, unit.name), {})

    def _arrived(self, unit: UnitId, step: Step) -> Arrival:
        return Arrival(cluster=self.cluster, unit=str(unit), seconds=step.seconds, steps=(step,))

    def _unknown(self, unit: UnitId, reason: str) -> Arrival:
        return Arrival(cluster=self.cluster, unit=str(unit), reason=reason)


def _of_flux(item: RenderedObject) -> bool:
    return item.api_version.partition("/")[0].endswith((".fluxcd.io", ".controlplane.io"))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
