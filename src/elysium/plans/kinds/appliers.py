"""Which Flux Kustomizations apply the folders of a repository, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from elysium.model import Render, Unit, UnitKind
from elysium.scaffold import RepositoryFacts

__all__ = ["Applier", "appliers", "chain", "makers_of"]


class Applier(msgspec.Struct, frozen=True, kw_only=True):
    """A Flux Kustomization: the folder that it applies, and what has to be applied before."""

    namespace: str
    name: str
    path: str
    before: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """How checks name it as an object."""
        return f"Kustomization/{self.namespace}/{self.name}"

    @property
    def unit(self) -> str:
        """How checks name it as a unit."""
        return f"ks/{self.namespace}/{self.name}"


def appliers(render: Render | None, facts: RepositoryFacts) -> tuple[Applier, ...]:
    """Those that apply the tiers of the repository, in the order of the tiers."""
    folders = (
        facts.controllers, facts.configs, facts.monitoring_controllers, facts.monitoring_configs,
        facts.apps_overlay, facts.apps_base,
    )  # fmt: skip
    found = {applier.path: applier for applier in map(_applier, _kustomizations(render, facts.cluster_path))}
    return tuple(found[folder] for folder in folders if folder in found)


def chain(known: tuple[Applier, ...]) -> str:
    """The order of the tiers as the check `chain` takes it; empty where one does not wait for the one before."""
    waiting = [applier.name for applier in known[:1]]
    for one, other in pairwise(known):
        if one.name not in other.before:
            break
        waiting.append(other.name)
    return ">".join(waiting) if len(waiting) > 1 else ""


def makers_of(render: Render | None, folder: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What makes objects of a folder's files: each unit with the objects, as `Kind/namespace/name`."""
    found: dict[str, list[str]] = {}
    for unit in render.units if render else ():
        for item in unit.objects:
            place = item.origin.position
            if place and (place.file == folder or place.file.startswith(f"{folder}/")):
                found.setdefault(str(unit.id), []).append(f"{item.kind}/{item.namespace}/{item.name}")
    return tuple((unit, tuple(sorted(objects))) for unit, objects in sorted(found.items()))


def _kustomizations(render: Render | None, cluster: str) -> Iterator[Unit]:
    for unit in render.units if render else ():
        if unit.id.kind is UnitKind.KUSTOMIZATION and unit.id.cluster == cluster:
            yield unit


def _applier(unit: Unit) -> Applier:
    return Applier(
        namespace=unit.id.namespace,
        name=unit.id.name,
        path=unit.path.removeprefix("./").strip("/"),
        before=tuple(other.name for other in unit.depends_on),
    )
