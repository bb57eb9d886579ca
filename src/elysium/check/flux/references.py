"""ConfigMaps and Secrets that Flux's objects read, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from elysium.check.context import Context
from elysium.model import RenderedObject, Unit, UnitId, UnitKind

__all__ = ["Reference", "Target", "find", "names", "of_unit", "references"]

_DEFAULT_KEY = "values.yaml"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """`holder`, the definition of `unit`, reads a ConfigMap or Secret at `path`. An empty `key` means all of them."""

    unit: Unit
    holder: RenderedObject
    path: tuple[str | int, ...]
    kind: str
    namespace: str
    name: str
    key: str = ""
    optional: bool = False

    @property
    def field(self) -> str:
        """The field as a person writes it."""
        return str(self.path[-2])

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a ConfigMap or Secret: its keys (if `open_ended`, there may be more) and where it comes from."""

    keys: frozenset[str] = frozenset()
    open_ended: bool = False
    items: tuple[RenderedObject, ...] = ()


def references(context: Context) -> Iterator[Reference]:
    """Every `substituteFrom` and `valuesFrom` of every unit."""
    for unit in context.render.units:
        yield from of_unit(context, unit)


def of_unit(context: Context, unit: Unit) -> tuple[Reference, ...]:
    """The `substituteFrom` or `valuesFrom` of one unit. Read once for a context."""
    known: dict[UnitId, tuple[Reference, ...]] = context.__dict__.setdefault("flux_references", {})
    if unit.id not in known:
        known[unit.id] = tuple(_read(context, unit))
    return known[unit.id]


def _read(context: Context, unit: Unit) -> Iterator[Reference]:
    index = context.objects[unit.id.cluster]
    holder = index.definition(unit.id)
    if holder is None or unit.id.kind is UnitKind.RESOURCE_SET:
        return
    parents: Sequence[str] = ("postBuild",) if unit.id.kind is UnitKind.KUSTOMIZATION else ()
    field = "substituteFrom" if parents else "valuesFrom"
    spec: Any = index.body(holder).get("spec")
    for parent in parents:
        spec = spec.get(parent) if isinstance(spec, dict) else None
    entries = spec.get(field) if isinstance(spec, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and entry.get("name") and entry.get("kind") in ("ConfigMap", "Secret"):
            yield Reference(
                unit=unit,
                holder=holder,
                path=("spec", *parents, field, number),
                kind=str(entry["kind"]),
                namespace=unit.id.namespace,
                name=str(entry["name"]),
                key="" if parents else str(entry.get("valuesKey") or _DEFAULT_KEY),
                optional=bool(entry.get("optional")),
            )


def find(context: Context, reference: Reference) -> Target | None:
    """What a reference leads to; None when nothing in the repository makes it and the settings do not vouch for it."""
    index = context.objects[reference.unit.id.cluster]
    items = tuple(index.find("", reference.kind, reference.namespace, reference.name))
    if items:
        keys = frozenset(key for item in items for key in _keys(index.body(item)))
        return Target(keys=keys, items=items)
    if reference.kind == "Secret":
        produced = index.produced.get((reference.namespace, reference.name), [])
        if produced:
            return Target(
                keys=frozenset(key for secret, _ in produced for key in secret.keys),
                open_ended=any(secret.open_ended for secret, _ in produced),
                items=tuple(item for _, item in produced),
            )
    if str(reference) in _external(context, reference.unit.id.cluster):
        return Target(open_ended=True)
    return None


def names(context: Context, reference: Reference) -> set[str]:
    """The names of everything of the same kind in the same namespace."""
    index = context.objects[reference.unit.id.cluster]
    found = set(index.names("", reference.kind, reference.namespace))
    if reference.kind == "Secret":
        found.update(name for namespace, name in index.produced if namespace == reference.namespace)
    return found


def _keys(body: dict[str, Any]) -> Iterator[str]:
    for field in ("data", "stringData"):
        mapping = body.get(field)
        yield from mapping if isinstance(mapping, dict) else ()


def _external(context: Context, cluster: str) -> set[str]:
    own = context.settings.cluster.get(cluster)
    return {*context.settings.external, *(own.external if own else ())}
