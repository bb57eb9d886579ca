"""What units read from the cluster before they build: variables and values, from ConfigMaps and Secrets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from elysium.model import ObjectId, UnitId
from elysium.render.world import World
from elysium.sealing import is_opaque, opaque_token
from elysium.sealing.produced import ProducedSecret

__all__ = ["Gathered", "Missing", "data_of", "gather_values", "gather_variables"]


class _Reference(Protocol):
    """A reference to a ConfigMap or a Secret."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def optional(self) -> bool: ...


class _Value(_Reference, Protocol):
    """A reference to one key, and where it goes."""

    @property
    def values_key(self) -> str: ...
    @property
    def target_path(self) -> str: ...
    @property
    def literal(self) -> bool: ...


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A reference that nothing answers; `key` is empty when the whole object is missing."""

    id: ObjectId
    optional: bool
    key: str = ""


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What the references gave.

    `sensitive`: a known plaintext of a Secret is among it. `open_ended`: a Secret whose keys are not all known takes
    part, so that a name that is undefined here may be defined in the cluster. `unknown`: values files whose content
    only the cluster holds.
    """

    variables: dict[str, str] = {}
    values: tuple[dict[str, Any], ...] = ()
    missing: tuple[Missing, ...] = ()
    sensitive: bool = False
    open_ended: tuple[ObjectId, ...] = ()
    unknown: tuple[Missing, ...] = ()


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    data: dict[str, str]
    sensitive: bool = False
    open_ended: bool = False
    opaque: bool = False


def data_of(world: World, identity: ObjectId, seeker: UnitId | None) -> _Found | None:
    """The data of a ConfigMap or Secret as text; a Secret that a controller will make has tokens for values."""
    item = world.find(identity, seeker)
    if item is not None:
        body = item.body()
        if identity.kind == "ConfigMap":
            return _Found(data=_strings(body.get("data")))
        data = {key: _plain(value) for key, value in _strings(body.get("data")).items()}
        data.update(_strings(body.get("stringData")))
        return _Found(data=data, sensitive=any(value and not is_opaque(value) for value in data.values()))
    if identity.kind == "Secret" and (produced := world.find_secret(identity.namespace, identity.name)):
        return _opaque(produced)
    if world.is_external(identity):
        return _Found(data={}, open_ended=True, opaque=True)
    return None


def _opaque(produced: ProducedSecret) -> _Found:
    data = {key: opaque_token(produced.namespace, produced.name, key) for key in produced.keys}
    return _Found(data=data, open_ended=produced.open_ended, opaque=True)


def gather_variables(
    world: World, unit: UnitId, references: Sequence[_Reference], inline: Mapping[str, str]
) -> Gathered:
    """Variables as kustomize-controller merges them: each reference in order, later ones win, inline wins over all."""
    variables: dict[str, str] = {}
    missing: list[Missing] = []
    open_ended: list[ObjectId] = []
    sensitive = False
    for reference in references:
        identity = ObjectId("", reference.kind, unit.namespace, reference.name)
        found = data_of(world, identity, unit)
        if found is None:
            missing.append(Missing(id=identity, optional=reference.optional))
            continue
        variables.update(found.data)
        sensitive = sensitive or found.sensitive
        if found.open_ended:
            open_ended.append(identity)
    variables.update(inline)
    return Gathered(variables=variables, missing=tuple(missing), sensitive=sensitive, open_ended=tuple(open_ended))


def gather_values(world: World, unit: UnitId, references: Iterable[_Value]) -> Gathered:
    """`valuesFrom` in order, for the engine to merge. A values file inside an unknown Secret is left out and told."""
    values: list[dict[str, Any]] = []
    missing: list[Missing] = []
    unknown: list[Missing] = []
    sensitive = False
    for reference in references:
        identity = ObjectId("", reference.kind, unit.namespace, reference.name)
        found = data_of(world, identity, unit)
        if found is None:
            missing.append(Missing(id=identity, optional=reference.optional))
            continue
        sensitive = sensitive or found.sensitive
        text = found.data.get(reference.values_key)
        if text is None and found.open_ended:
            text = opaque_token(identity.namespace, identity.name, reference.values_key)
        if text is None:
            if not reference.optional:
                missing.append(Missing(id=identity, optional=False, key=reference.values_key))
            continue
        if found.opaque and not reference.target_path:
            unknown.append(Missing(id=identity, optional=reference.optional, key=reference.values_key))
            continue
        values.append({"text": text, "target_path": reference.target_path or None, "literal": reference.literal})
    return Gathered(values=tuple(values), missing=tuple(missing), sensitive=sensitive, unknown=tuple(unknown))


def _strings(data: object) -> dict[str, str]:
    if not isinstance(data, dict):
        return {}
    return {str(key): value for key, value in data.items() if isinstance(value, str)}


def _plain(value: str) -> str:
    try:
        return base64.b64decode(value, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value
