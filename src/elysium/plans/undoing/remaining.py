"""What reverting commits does not bring back: data that is gone, objects that stay, changes that cannot be undone.

From what the API server does with claims, Namespaces and custom resource definitions, and from `pruning`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from elysium.compare import Category, Change, Comparison, Difference, UnknownUnit
from elysium.evaluate import GROUPS, ObjectIndex, parse_quantity
from elysium.evaluate.claims import default_class
from elysium.evaluate.workloads import mapping, sequence
from elysium.model import ObjectId, Render, RenderedObject
from elysium.plans.undoing.pruning import Pruning, spec_of

__all__ = ["Remain", "RemainKind", "remaining"]

_CLAIM = ("", "PersistentVolumeClaim")
_NAMESPACE = ("", "Namespace")


class RemainKind(StrEnum):
    """Why something is not as before.

    `lost`: what it holds is gone for good. `stays`: nothing deletes it, somebody has to. `refused`: the API server does
    not let the change be undone in place. `done`: it ran, and what it did stays done. `unknown`: nobody can tell.
    """

    LOST = "lost"
    STAYS = "stays"
    REFUSED = "refused"
    DONE = "done"
    UNKNOWN = "unknown"


class Remain(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the rollback does not bring back, why, and the command that cleans up where there is one.

    `file` and `line` are where the repository makes it, empty where a chart does.
    """

    kind: RemainKind
    object: ObjectId
    reason: str
    command: str = ""
    cluster: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.object}: {self.reason}"


_Told = Iterator[tuple[RemainKind, str]]


def remaining(comparison: Comparison, base: Render, head: Render) -> tuple[Remain, ...]:
    """What is not as before when a cluster went from `base` to `head` and back: what is lost first."""
    judge = _Judge(comparison, base, head)
    found = [_remain(item, kind, reason) for item in comparison.objects for kind, reason in judge.of(item)]
    found += [_unknown_unit(unit) for unit in comparison.unknown if not unit.same or unit.before != unit.after]
    order = list(RemainKind)
    return tuple(sorted(found, key=lambda item: (order.index(item.kind), item.cluster, item.object)))


class _Judge:
    def __init__(self, comparison: Comparison, base: Render, head: Render) -> None:
        self._back, self._forth = Pruning(head, base), Pruning(base, head)
        self._gone = {
            (item.cluster, item.object.name)
            for item in comparison.objects
            if _kind(item) == _NAMESPACE and item.change is Change.ADDED and not self._back.kept(item)
        }

    def of(self, item: Difference) -> _Told:
        """What the way back leaves of one difference."""
        if item.change is Change.ADDED:
            return self._pruned(item)
        if item.change is Change.REMOVED:
            return self._returned(item)
        if item.change is Change.UNKNOWN:
            return _unknown(item)
        return _changed(item)

    def _pruned(self, item: Difference) -> _Told:
        """What was added is deleted on the way back."""
        with_namespace = (item.cluster, item.object.namespace) in self._gone
        kept = "" if with_namespace else self._back.kept(item)
        made = item.after.item
        if kept:
            yield RemainKind.STAYS, kept
        elif made is None:
            return
        elif _kind(item) == _CLAIM:
            yield RemainKind.LOST, self._volume(item, made, "it goes with its Namespace" if with_namespace else "")
        elif _kind(item) in _PRUNED:
            kind, reason = _PRUNED[_kind(item)]
            if not (with_namespace and kind is RemainKind.STAYS):
                yield kind, reason
        if reason := _generated(item, made):
            yield RemainKind.LOST, reason

    def _returned(self, item: Difference) -> _Told:
        """What was removed comes back as Git describes it, and with no more than that."""
        if item.owner is None and not self._forth.kept(item):
            reason = _RETURNED.get(_kind(item)) or _generated(item, item.before.item)
            if reason:
                yield RemainKind.LOST, reason

    def _volume(self, item: Difference, made: RenderedObject, way: str) -> str:
        """What becomes of the data of a claim that is deleted."""
        index = self._back.having.get(item.cluster) or ObjectIndex(())
        given = spec_of(made).get("storageClassName")
        name = given if isinstance(given, str) else default_class(index)
        found = index.find("storage.k8s.io", "StorageClass", "", name) if name else []
        way = way or "it is deleted"
        if not found:
            told = f"class {name}" if name else "the default class"
            return f"{way}, and so is its data unless {told}, which Git does not have, retains volumes"
        if index.body(found[0]).get("reclaimPolicy") == "Retain":
            return f"{way}; class {name} retains the volume, which no new claim gets by itself"
        return f"{way}, and class {name} deletes the volume with its data"


_PRUNED: dict[tuple[str, str], tuple[RemainKind, str]] = {
    _NAMESPACE: (RemainKind.LOST, "everything in it goes along, what Git does not know too"),
    ("", "PersistentVolume"): (RemainKind.STAYS, "what is stored stays where it is; only the object goes"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): (
        RemainKind.LOST,
        "every object of its kind goes along, whoever made it",
    ),
    ("batch", "Job"): (RemainKind.DONE, "it ran; what it did stays done"),
    ("cert-manager.io", "Certificate"): (RemainKind.STAYS, "cert-manager leaves the Secret that it made"),
    ("postgresql.cnpg.io", "Cluster"): (RemainKind.LOST, "its operator deletes the claims, and the data, with it"),
}
"""What deleting an object of a kind means beyond itself."""

_RETURNED: dict[tuple[str, str], str] = {
    _NAMESPACE: "it comes back with what Git has; what else was in it is gone",
    _CLAIM: "it comes back empty, unless its volume was retained and is bound again by hand",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "its kind comes back; objects that Git does not have do not",
    ("postgresql.cnpg.io", "Cluster"): "it comes back empty: its operator deleted the claims with it",
}
"""What is missing when an object of a kind is made again."""


def _changed(item: Difference) -> _Told:
    """What was changed is changed back where that is allowed."""
    if _kind(item) == ("batch", "Job"):
        yield RemainKind.DONE, "it ran with the change; what it did stays done"
    if item.immutable:
        fields = ", ".join(item.immutable[:3])
        yield RemainKind.REFUSED, f"{fields} cannot be changed back in place: it has to be deleted and made anew"
    elif _kind(item) == _CLAIM and _grew(item):
        yield RemainKind.REFUSED, "a claim that has grown cannot shrink"
    elif item.category is Category.CRD and (version := _stored(item)):
        yield RemainKind.REFUSED, f"objects may be stored as {version} by then, a version that the base does not have"


def _unknown(item: Difference) -> _Told:
    """Nobody can tell what a unit without a result makes."""
    if item.category in (Category.VOLUME, Category.NAMESPACE, Category.CRD):
        yield RemainKind.UNKNOWN, item.before.unknown or item.after.unknown


def _unknown_unit(unit: UnknownUnit) -> Remain:
    identity = ObjectId(GROUPS[unit.unit.kind], unit.unit.kind.value, unit.unit.namespace, unit.unit.name)
    reason = f"what it makes is not known ({unit.after or unit.before}): it may hold data"
    return Remain(kind=RemainKind.UNKNOWN, object=identity, reason=reason, cluster=unit.unit.cluster)


def _generated(item: Difference, made: RenderedObject | None) -> str:
    if _kind(item) != ("", "Secret") or made is None or not made.origin.chart:
        return ""
    return f"where chart {made.origin.chart} generates values, they are others the next time"


def _grew(item: Difference) -> bool:
    for field in item.fields:
        if field.path == "spec.resources.requests.storage" and field.before and field.after:
            sizes = [parse_quantity(msgspec.json.decode(text)) for text in (field.before, field.after)]
            return sizes[0] is not None and sizes[1] is not None and sizes[1] > sizes[0]
    return False


def _stored(item: Difference) -> str:
    """The version that the head stores objects in, where the base has no such version."""
    if item.before.item is None or item.after.item is None:
        return ""
    known = {mapping(version).get("name") for version in sequence(spec_of(item.before.item).get("versions"))}
    for version in map(mapping, sequence(spec_of(item.after.item).get("versions"))):
        if version.get("storage") is True and version.get("name") not in known:
            return str(version.get("name"))
    return ""


def _kind(item: Difference) -> tuple[str, str]:
    return item.object.group, item.object.kind


def _remain(item: Difference, kind: RemainKind, reason: str) -> Remain:
    position = item.item.origin.position if item.item is not None else None
    return Remain(
        kind=kind,
        object=item.object,
        reason=reason,
        command=_delete(item, reason) if kind is RemainKind.STAYS else "",
        cluster=item.cluster,
        file=position.file if position else "",
        line=position.line if position else 0,
    )


def _delete(item: Difference, reason: str) -> str:
    """The command that deletes what stays: the object itself, or the Secret that a controller made of it."""
    beyond = reason == _PRUNED.get(_kind(item), (RemainKind.STAYS, ""))[1]
    identity = item.produces if beyond else item.object
    if identity is None:
        return ""
    kind = f"{identity.kind}.{identity.group}" if identity.group else identity.kind
    words = ["kubectl", "delete", kind.lower(), identity.name]
    if identity.namespace:
        words += ["--namespace", identity.namespace]
    return shlex.join(words)
