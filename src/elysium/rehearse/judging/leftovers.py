"""What a way back does not take back: two states of the same cluster compared, as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from elysium.compare.fields import differences
from elysium.model import ObjectId
from elysium.rehearse.judging.server_fields import is_made_by_cluster, without_server_fields

__all__ = ["Leftover", "compare_worlds"]

_FLUX = "kustomize.toolkit.fluxcd.io"
_SHOWN = 5
_REMOVED_BY_KUBERNETES = ("kubernetes.io/pvc-protection", "foregroundDeletion", "orphan")


class Leftover(msgspec.Struct, frozen=True, kw_only=True):
    """An object that is not as it was.

    `change`: `left` (it was not there before), `lost` (it was), `changed` (`fields` differ), `recreated` (it is the
    same in name only, and what it held is gone). `reason` says why it is so, where that is known.
    """

    object: ObjectId
    change: str
    reason: str = ""
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        named = (
            f" ({', '.join(self.fields[:_SHOWN])}{', …' if len(self.fields) > _SHOWN else ''})" if self.fields else ""
        )
        return f"{self.object} {_WORDS[self.change]}{named}{': ' + self.reason if self.reason else ''}"


_WORDS = {"left": "stays", "lost": "does not come back", "changed": "is not as it was", "recreated": "is another one"}

_HOLDS = {
    "PersistentVolumeClaim": "it was deleted and made anew: its data is gone",
    "PersistentVolume": "it was deleted and made anew: its data is gone",
    "Namespace": "it was deleted and made anew, with all that was in it",
    "CustomResourceDefinition": "it was deleted and made anew, and with it every object of the kind",
}
"""Kinds that are more than what is written in them, so that one of the same name is not the same."""


def compare_worlds(
    first: Mapping[ObjectId, dict[str, Any]], last: Mapping[ObjectId, dict[str, Any]]
) -> tuple[Leftover, ...]:
    """What differs after there and back, sorted by object. Empty when nothing does.

    Both are what the server holds. What only controllers write, and the fields that the server fills in, do not count.
    """
    before, after = _asked_for(first), _asked_for(last)
    found = [
        *(Leftover(object=item, change="lost") for item in before.keys() - after.keys()),
        *(Leftover(object=item, change="left", reason=_why_left(item, after[item])) for item in after.keys() - before),
        *_differing(before, after),
    ]
    return tuple(sorted(found, key=lambda item: (item.object, item.change)))


def _asked_for(world: Mapping[ObjectId, dict[str, Any]]) -> dict[ObjectId, dict[str, Any]]:
    """What somebody put there and nobody takes away: a namespace that is being deleted goes with all that is in it,
    as soon as its controller comes to it, unless a finalizer holds something there.
    """
    asked = {identity: body for identity, body in world.items() if not is_made_by_cluster(identity, body)}
    held = {_namespace(identity) for identity, body in asked.items() if _held(body)}
    going = {
        identity.name
        for identity, body in asked.items()
        if identity.kind == "Namespace" and _metadata(body).get("deletionTimestamp") and identity.name not in held
    }
    return {identity: body for identity, body in asked.items() if _namespace(identity) not in going}


def _held(body: dict[str, Any]) -> bool:
    """Whether a finalizer holds the object that none of Kubernetes' own controllers removes."""
    finalizers = _metadata(body).get("finalizers") or ()
    return any(name not in _REMOVED_BY_KUBERNETES for name in finalizers)


def _namespace(identity: ObjectId) -> str:
    return identity.name if identity.kind == "Namespace" else identity.namespace


def _differing(
    before: Mapping[ObjectId, dict[str, Any]], after: Mapping[ObjectId, dict[str, Any]]
) -> Iterable[Leftover]:
    for identity in before.keys() & after.keys():
        old, new = before[identity], after[identity]
        if identity.kind in _HOLDS and _metadata(old).get("uid") != _metadata(new).get("uid"):
            yield Leftover(object=identity, change="recreated", reason=_HOLDS[identity.kind])
        fields = tuple(
            sorted({item.path for item in differences(without_server_fields(old), without_server_fields(new))})
        )
        if fields:
            yield Leftover(object=identity, change="changed", reason=_why_changed(new), fields=fields)


def _why_left(identity: ObjectId, body: dict[str, Any]) -> str:
    metadata = _metadata(body)
    if metadata.get("deletionTimestamp"):
        names = ", ".join(str(name) for name in metadata.get("finalizers") or ())
        return f"its deletion waits for {names or 'a finalizer'}, whose controller does not run here"
    marks = {**_mapping(metadata.get("labels")), **_mapping(metadata.get("annotations"))}
    for name, values, reason in _KEPT:
        if str(marks.get(name, "")).lower() in values:
            return reason
    return _LEFT.get(identity.kind, "")


_KEPT = (
    (f"{_FLUX}/prune", {"disabled"}, "kustomize.toolkit.fluxcd.io/prune: disabled keeps it"),
    (f"{_FLUX}/reconcile", {"disabled"}, "kustomize.toolkit.fluxcd.io/reconcile: disabled keeps it"),
    ("helm.sh/resource-policy", {"keep"}, "helm.sh/resource-policy: keep keeps it"),
)

_LEFT = {
    "PersistentVolumeClaim": "claims that a StatefulSet made stay, so that no data is lost",
    "PersistentVolume": "its reclaim policy keeps it",
    "CustomResourceDefinition": "Helm never deletes the definitions of a chart's crds directory",
}


def _why_changed(body: dict[str, Any]) -> str:
    marks = {**_mapping(_metadata(body).get("labels")), **_mapping(_metadata(body).get("annotations"))}
    ssa = str(marks.get(f"{_FLUX}/ssa", "")).lower()
    if ssa in ("ifnotpresent", "merge", "ignore"):
        return f"kustomize.toolkit.fluxcd.io/ssa: {marks[f'{_FLUX}/ssa']} keeps fields that Git no longer has"
    return ""


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    return _mapping(body.get("metadata"))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
