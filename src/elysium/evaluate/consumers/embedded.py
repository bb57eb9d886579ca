"""References in what nobody here understands: the values of a release whose chart is not known, custom objects.

Most of them are the fields of pods (`secretKeyRef`, `envFrom`, `claimName`), or names that charts have in common. What
they stand for is likely and not certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from elysium.evaluate.consumers.use import Holder, Means, Use
from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import Path, mapping
from elysium.model import ObjectId, UnitKind, UnitState

__all__ = ["custom_object", "values"]

_DEEPEST = 30
_NAMES = {
    "existingSecret": "Secret",
    "secretName": "Secret",
    "existingClaim": "PersistentVolumeClaim",
    "claimName": "PersistentVolumeClaim",
}
_KEYED = {"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}
_WHOLE = {"secretRef": "Secret", "configMapRef": "ConfigMap"}


def values(holder: Holder) -> Iterator[Use]:
    """The values of a HelmRelease that could not be rendered, in the namespace that it installs into."""
    if _is_rendered(holder.index, holder.item.id):
        return
    spec = mapping(holder.body.get("spec"))
    namespace = str(spec.get("targetNamespace") or holder.item.namespace)
    yield from _below(holder, spec.get("values"), ("spec", "values"), namespace)


def custom_object(holder: Holder) -> Iterator[Use]:
    """Everything that an object says in `spec`."""
    yield from _below(holder, holder.body.get("spec"), ("spec",), holder.item.namespace)


def _is_rendered(index: ObjectIndex, identity: ObjectId) -> bool:
    rendered: set[tuple[str, str]] | None = index.__dict__.get("rendered_releases")
    if rendered is None:
        releases = (unit for unit in index.units if unit.id.kind is UnitKind.HELM_RELEASE)
        rendered = {(unit.id.namespace, unit.id.name) for unit in releases if unit.state is UnitState.RENDERED}
        index.__dict__["rendered_releases"] = rendered
    return (identity.namespace, identity.name) in rendered


def _below(holder: Holder, value: Any, path: Path, namespace: str) -> Iterator[Use]:
    if len(path) > _DEEPEST:
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _below(holder, item, (*path, number), namespace)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _of_field(holder, str(key), item, (*path, str(key)), namespace)


def _of_field(holder: Holder, key: str, value: Any, path: Path, namespace: str) -> Iterator[Use]:
    if key in _NAMES and isinstance(value, str):
        yield from holder.use(path, _NAMES[key], value, Means.EMBEDDED, namespace=namespace)
        return
    kind = _KEYED.get(key) or _WHOLE.get(key)
    if kind and isinstance(value, dict) and isinstance(value.get("name"), str):
        place = str(value.get("namespace") or namespace)
        more: dict[str, Any] = {"namespace": place} if key in _KEYED else {"namespace": place, "key": ""}
        read = holder.secret if kind == "Secret" else holder.config_map
        yield from read(path, value, Means.EMBEDDED, **more)
        return
    yield from _below(holder, value, path, namespace)
