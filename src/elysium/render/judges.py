"""Who judges a custom resource: the CRD of its cluster, a schema that the settings name, or what the engine carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from elysium.engine import EnginePool
from elysium.model import RenderedObject, Unit, UnitKind, group_of
from elysium.render.options import RenderOptions
from elysium.render.schemas import SchemaFolders
from elysium.render.world import World

__all__ = ["KUBERNETES_GROUPS", "Judge", "Judges", "custom_scopes", "is_custom", "is_definition"]

_PREFIXES = (
    *("admissionregistration", "apiextensions", "apiregistration", "auditregistration", "authentication"),
    *("authorization", "certificates", "coordination", "discovery", "events", "flowcontrol.apiserver"),
    *("internal.apiserver", "lifecycle", "networking", "node", "rbac.authorization", "resource", "scheduling"),
    *("settings", "storage", "storagemigration"),
)

KUBERNETES_GROUPS = frozenset(f"{name}.k8s.io" for name in _PREFIXES)
"""The API groups with a dot that Kubernetes itself serves; their objects are judged where they are rendered."""

_FLUX = ".toolkit.fluxcd.io"


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine is told beside the objects; `file` is the JSON Schema that the settings brought, if one did."""

    params: dict[str, object]
    file: str = ""


def is_custom(item: RenderedObject) -> bool:
    """Whether some CRD is needed to know the kind of an object."""
    group = group_of(item.api_version)
    return "." in group and group not in KUBERNETES_GROUPS


def is_definition(item: RenderedObject) -> bool:
    """Whether an object defines a kind: the schemas in it have rules of their own."""
    return item.kind == "CustomResourceDefinition" and group_of(item.api_version) == "apiextensions.k8s.io"


class Judges:
    """Finds the judge of each kind in one cluster."""

    def __init__(self, world: World, schemas: SchemaFolders, options: RenderOptions) -> None:
        self._definitions = dict(_definitions(world))
        self._schemas = schemas
        self._options = options

    def of_kind(self, api_version: str, kind: str) -> Judge:
        """The CRD of the cluster, of a folder of the settings, a JSON Schema from there, or what the engine carries."""
        minor: dict[str, object] = {"kubernetes": self._options.minor}
        group, _, version = api_version.partition("/")
        name = f"{group}/{kind}"
        if name in self._definitions:
            return Judge(params={**minor, "crds": [msgspec.Raw(self._definitions[name].raw)]})
        if name in self._schemas.definitions:
            return Judge(params={**minor, "crds": [self._schemas.definitions[name][1]]})
        file = self._schemas.json_schema(group, version, kind)
        if file:
            return Judge(params={**minor, "json_schema": msgspec.Raw(self._schemas.text(file))}, file=file)
        flux: dict[str, object] = {"flux": self._options.flux} if group.endswith(_FLUX) else {}
        return Judge(params={**minor, "crds": [], **flux, "catalogue": True})


def custom_scopes(
    units: Iterable[Unit], world: World, schemas: SchemaFolders, pool: EnginePool
) -> dict[str, dict[str, Any]]:
    """Scopes by `group/Kind`, as the cluster's own CRDs say, the folders of the settings, or the catalogue.

    The catalogue is asked only about kinds whose objects stand in a release without a namespace.
    """
    own = world.custom_kinds()
    named: dict[str, dict[str, Any]] = {name: {"scope": found[0]} for name, found in schemas.definitions.items()}
    missing = {
        f"{group_of(item.api_version)}/{item.kind}"
        for unit in units
        if unit.id.kind is UnitKind.HELM_RELEASE
        for item in unit.objects
        if not item.namespace and is_custom(item)
    }
    missing -= own.keys() | named.keys()
    known = pool.call("catalogue.describe", {"kinds": sorted(missing)})["kinds"] if missing else {}
    return {**known, **named, **own}


def _definitions(world: World) -> Iterator[tuple[str, RenderedObject]]:
    for name, identity in world.definitions().items():
        item = world.find(identity)
        if item is not None:
            yield name, item
