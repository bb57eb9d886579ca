"""What one cluster would hold: objects by identity, who makes them, and who looked for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from elysium.model import ObjectId, RenderedObject, UnitId
from elysium.sealing import ProducedSecret, produced_secret
from elysium.sealing.produced import PRODUCERS

__all__ = ["FLUX_APIS", "World"]

FLUX_APIS = (
    "helm.toolkit.fluxcd.io/v2",
    "image.toolkit.fluxcd.io/v1",
    "kustomize.toolkit.fluxcd.io/v1",
    "notification.toolkit.fluxcd.io/v1",
    "notification.toolkit.fluxcd.io/v1beta3",
    "source.toolkit.fluxcd.io/v1",
)
"""What a cluster with Flux serves, whether or not its CRDs stand in the repository."""

_GENERATOR = ("source.extensions.fluxcd.io", "ArtifactGenerator")
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")


class World:
    """The known objects of one cluster. Looking something up remembers who looked, so that a change can be told to
    them.
    """

    def __init__(self, external: Iterable[str] = ()) -> None:
        self._makers: dict[ObjectId, dict[UnitId | None, RenderedObject]] = defaultdict(dict)
        self._made: dict[UnitId | None, dict[ObjectId, RenderedObject]] = defaultdict(dict)
        self._secrets: dict[ObjectId, dict[UnitId | None, ProducedSecret]] = defaultdict(dict)
        self._lookers: dict[ObjectId, set[UnitId]] = defaultdict(set)
        self._kind_lookers: dict[tuple[str, str], set[UnitId]] = defaultdict(set)
        self._external = {_external_id(text) for text in external}

    def find(self, identity: ObjectId, seeker: UnitId | None = None) -> RenderedObject | None:
        """The object with this identity; of several makers the one whose name comes first, whoever was quicker."""
        if seeker is not None:
            self._lookers[identity].add(seeker)
        makers = self._makers.get(identity)
        return makers[min(makers, key=_rank)] if makers else None

    def find_secret(self, namespace: str, name: str) -> ProducedSecret | None:
        """A Secret that a controller will make, or that is declared to exist outside Git."""
        identity = ObjectId("", "Secret", namespace, name)
        made = self._secrets.get(identity)
        if made:
            return made[min(made, key=_rank)]
        if identity in self._external:
            return ProducedSecret(namespace=namespace, name=name, keys=(), producer="external", open_ended=True)
        return None

    def is_external(self, identity: ObjectId) -> bool:
        """Whether the settings say that this object exists outside Git."""
        return identity in self._external

    def replace(self, maker: UnitId | None, objects: Iterable[RenderedObject]) -> set[UnitId]:
        """Put these objects in place of what the unit made before. Returns the units that looked for what changed."""
        before = self._made.pop(maker, {})
        after: dict[ObjectId, RenderedObject] = {}
        for item in objects:
            after.setdefault(item.id, item)
        changed = {
            identity for identity in before.keys() | after.keys() if _raw(before, identity) != _raw(after, identity)
        }
        for identity in changed & before.keys():
            changed = changed | self._forget(maker, identity, before[identity])
        for identity in changed & after.keys():
            changed = changed | self._record(maker, identity, after[identity])
        self._made[maker] = after
        kinds = {(identity.group, identity.kind) for identity in changed}
        told = [self._lookers.get(identity, ()) for identity in changed]
        return set().union(*told, *(self._kind_lookers.get(kind, ()) for kind in kinds))

    def _forget(self, maker: UnitId | None, identity: ObjectId, item: RenderedObject) -> set[ObjectId]:
        """Take an object out. Returns what else changes with it."""
        self._makers[identity].pop(maker, None)
        secret = _secret_of(identity, item)
        if secret is None:
            return self._affected(identity)
        self._secrets[secret[0]].pop(maker, None)
        return {secret[0]}

    def _record(self, maker: UnitId | None, identity: ObjectId, item: RenderedObject) -> set[ObjectId]:
        """Put an object in. Returns what else changes with it."""
        self._makers[identity][maker] = item
        secret = _secret_of(identity, item)
        if secret is None:
            return self._affected(identity)
        self._secrets[secret[0]][maker] = secret[1]
        return {secret[0]}

    def _affected(self, identity: ObjectId) -> set[ObjectId]:
        """What may be made anew when a generator changes: the artifacts that somebody has looked for."""
        if (identity.group, identity.kind) != _GENERATOR:
            return set()
        return {known for known in self._lookers if known.kind == "ExternalArtifact"}

    def made_by(self, maker: UnitId | None) -> Iterable[RenderedObject]:
        """What a unit makes now."""
        return self._made.get(maker, {}).values()

    def of_kind(self, group: str, kind: str, seeker: UnitId | None = None) -> list[RenderedObject]:
        """Every object of a kind, by identity."""
        if seeker is not None:
            self._kind_lookers[group, kind].add(seeker)
        found = [identity for identity in self._makers if identity.group == group and identity.kind == kind]
        return [item for identity in sorted(found) if (item := self.find(identity)) is not None]

    def duplicates(self) -> list[tuple[ObjectId, tuple[UnitId, ...]]]:
        """Objects that more than one unit makes."""
        found = []
        for identity, makers in self._makers.items():
            units = tuple(sorted(maker for maker in makers if maker is not None))
            if len(units) > 1:
                found.append((identity, units))
        return sorted(found)

    def definitions(self) -> dict[str, ObjectId]:
        """The CRD of each custom kind: `group/Kind` → its identity."""
        found = {}
        for item in self.of_kind(*_CRD):
            found[_defined(item)[0]] = item.id
        return found

    def custom_kinds(self) -> dict[str, dict[str, Any]]:
        """The CRDs that the cluster will have: `group/Kind` → `{"scope", "versions"}`."""
        kinds: dict[str, dict[str, Any]] = {}
        for item in self.of_kind(*_CRD):
            kind, spec = _defined(item)
            listed = spec.get("versions")
            entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
            versions = [entry.get("name") for entry in entries if entry.get("served", True)]
            kinds[kind] = {"scope": spec.get("scope"), "versions": versions}
        return kinds


def _defined(item: RenderedObject) -> tuple[str, dict[str, Any]]:
    """The kind that a CRD defines, as `group/Kind`, and its specification; whatever is odd in it counts as absent."""
    spec = item.body().get("spec")
    spec = spec if isinstance(spec, dict) else {}
    names = spec.get("names")
    return f"{spec.get('group')}/{names.get('kind') if isinstance(names, dict) else None}", spec


def _rank(maker: UnitId | None) -> tuple[bool, str]:
    """What a unit makes comes before what is only written in a file."""
    return maker is None, str(maker)


def _secret_of(identity: ObjectId, item: RenderedObject) -> tuple[ObjectId, ProducedSecret] | None:
    """The Secret that a controller will make from an object."""
    if (identity.group, identity.kind) not in PRODUCERS:
        return None
    produced = produced_secret(identity.group, identity.kind, item.body())
    return (ObjectId("", "Secret", produced.namespace, produced.name), produced) if produced else None


def served_apis(kinds: dict[str, dict[str, Any]], declared: Iterable[str]) -> tuple[str, ...]:
    """`group/version` and `group/version/Kind` of custom kinds, as Helm's capabilities list them."""
    found = {*declared, *FLUX_APIS}
    for name, kind in kinds.items():
        group, _, label = name.partition("/")
        for version in kind["versions"]:
            found.update((f"{group}/{version}", f"{group}/{version}/{label}"))
    return tuple(sorted(found))


def _raw(objects: dict[ObjectId, RenderedObject], identity: ObjectId) -> bytes | None:
    item = objects.get(identity)
    return item.raw if item else None


def _external_id(text: str) -> ObjectId:
    kind, namespace, name = text.split("/", 2)
    return ObjectId("", kind, namespace, name)
