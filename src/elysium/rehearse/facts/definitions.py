"""The definitions of custom kinds that no unit makes: from folders of the settings, a snapshot, the engine's catalogue.

The first revision that has to do with a kind decides. Where it makes the definition itself, nothing is put there, so
that an object that comes before its definition is refused as it would be. Flux's own kinds are there before Flux is,
unless the root Kustomization makes them, which people apply by hand when they bootstrap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from elysium.evaluate import GROUPS, ObjectIndex
from elysium.model import ObjectId, RenderedObject, UnitKind
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot
from elysium.rehearse.preparing.conversion import without_webhook
from elysium.rehearse.types import Phase, Unknown
from elysium.render.judges import is_custom

__all__ = ["Ask", "defined_kind", "gather_definitions"]

Ask = Callable[[str, dict[str, Any]], Any]
"""One question to the engine: method and parameters, as `EnginePool.call`."""

_Kind = tuple[str, str]
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
_FLUX = (".toolkit.fluxcd.io", "fluxcd.controlplane.io")
"""The groups of Flux and of its operator, which people install with Helm when they bootstrap."""
_REMEDY = "run `elysium rehearse --snapshot` once, or put its definition into a folder that `schemas` names"
_MOST_NAMED = 5


class _Need(msgspec.Struct, kw_only=True):
    """A kind that has to be there: the versions and the number of its objects, and the phase that is the first."""

    phase: Phase
    versions: set[str] = msgspec.field(default_factory=set)
    items: list[RenderedObject] = msgspec.field(default_factory=list)


def gather_definitions(
    rendered: Rendered, folders: Mapping[_Kind, dict[str, Any]], snapshot: Snapshot, flux: str, ask: Ask
) -> Found:
    """The definitions to create, which of them only stand in, and the kinds that nobody defines."""
    needs = _needs(rendered)
    known = {**_made_before(rendered), **dict(_kinds_of(snapshot.definitions)), **folders}
    found = Found()
    for kind in sorted(needs.keys() & known.keys()):
        found.objects.append(_clean(known[kind]))
    missing = {kind: need for kind, need in needs.items() if kind not in known}
    found.objects += _from_catalogue(missing, flux, ask, found)
    for kind, need in sorted(missing.items()):
        found.absent.add(kind)
        found.unknown.append(_nobody(kind, need))
    return found


def defined_kind(body: Mapping[str, Any]) -> _Kind | None:
    """The kind (group, kind) that a CustomResourceDefinition defines; None for one that defines nothing."""
    spec = body.get("spec")
    names = spec.get("names") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(names, dict):
        return None
    group, kind = spec.get("group"), names.get("kind")
    return (group, kind) if isinstance(group, str) and isinstance(kind, str) else None


def _needs(rendered: Rendered) -> dict[_Kind, _Need]:
    """The kinds that the first revision that has to do with them uses and does not define."""
    needs: dict[_Kind, _Need] = {}
    settled: set[_Kind] = set()
    for number, index in enumerate(rendered.applied):
        defined = {kind for item in index.of_kind(*_CRD) if (kind := _in_time(index, item)) is not None}
        settled |= defined - needs.keys()
        for kind, items in _used(index):
            if kind not in settled:
                need = needs.setdefault(kind, _Need(phase=rendered.phase(number)))
                need.versions.update(item.api_version.rpartition("/")[2] for item in items)
                need.items += items
    for unit_kind in (UnitKind.KUSTOMIZATION, UnitKind.HELM_RELEASE):
        kind = (GROUPS[unit_kind], unit_kind.value)
        if kind not in settled and any(unit.id.kind is unit_kind for unit in rendered.units):
            needs.setdefault(kind, _Need(phase=rendered.phase(0)))
    return needs


def _in_time(index: ObjectIndex, item: RenderedObject) -> _Kind | None:
    """The kind that an object defines, unless it is one of Flux that is there before the unit that makes it."""
    kind = defined_kind(index.body(item))
    if kind is None or not kind[0].endswith(_FLUX):
        return kind
    roots = {unit.id for unit in index.units if unit.parent is None}
    return kind if item.origin.unit in roots else None


def _used(index: ObjectIndex) -> Iterator[tuple[_Kind, list[RenderedObject]]]:
    for kind, items in index.kinds.items():
        if is_custom(items[0]):
            yield kind, items


def _made_before(rendered: Rendered) -> dict[_Kind, dict[str, Any]]:
    """The definitions of suspended units, and those of Flux that other units than the root make."""
    found: dict[_Kind, dict[str, Any]] = {}
    for index in (*rendered.applied, *rendered.suspended):
        for item in index.of_kind(*_CRD):
            body = index.body(item)
            kind = defined_kind(body)
            if kind is not None:
                found.setdefault(kind, body)
    return found


def _kinds_of(definitions: tuple[dict[str, Any], ...]) -> Iterator[tuple[_Kind, dict[str, Any]]]:
    for body in definitions:
        kind = defined_kind(body)
        if kind is not None:
            yield kind, body


def _clean(body: dict[str, Any]) -> dict[str, Any]:
    """A definition as somebody would apply it, without a webhook that nobody answers."""
    metadata = body.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    kept = {key: known[key] for key in ("name", "annotations", "labels") if key in known}
    cleaned = {key: value for key, value in body.items() if key != "status"}
    return without_webhook(cleaned | {"metadata": kept})


def _from_catalogue(missing: dict[_Kind, _Need], flux: str, ask: Ask, found: Found) -> Iterator[dict[str, Any]]:
    """What the engine carries; the kinds that it has are taken out of `missing`."""
    if not missing:
        return
    kinds = [
        {"group": group, "kind": kind, "versions": sorted(need.versions)}
        for (group, kind), need in sorted(missing.items())
    ]
    stands_for: defaultdict[tuple[Phase, str], list[str]] = defaultdict(list)
    for made in ask("catalogue.definitions", {"flux": flux, "kinds": kinds})["definitions"]:
        need = missing.pop((made["group"], made["kind"]))
        if not made["group"].endswith(_FLUX):
            stands_for[need.phase, made["by"]].append(_shown(made))
        yield made["definition"]
    for (phase, by), names in sorted(stands_for.items()):
        message = f"the definitions of {by} stand in for those of the cluster, which may be others: {_named(names)}"
        found.unknown.append(Unknown(phase=phase, code="definition", message=message, remedy=_REMEDY))


def _shown(made: dict[str, Any]) -> str:
    versions = ", ".join(made["unjudged"])
    return f"{made['kind']} (nothing is known of {versions})" if versions else str(made["kind"])


def _nobody(kind: _Kind, need: _Need) -> Unknown:
    items = list(dict.fromkeys(str(item) for item in need.items))
    message = f"nothing here defines {kind[1]} of {kind[0]}: left out are {_named(items)}"
    identity = ObjectId(*_CRD, "", f"{kind[1].lower()}s.{kind[0]}")
    unit = need.items[0].origin.unit if need.items else None
    return Unknown(phase=need.phase, code="kind", message=message, unit=unit, object=identity, remedy=_REMEDY)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
