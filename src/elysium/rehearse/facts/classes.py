"""Classes that pods, claims and ingresses name: those of the settings or the snapshot, or else made-up ones.

What is declared is all there is beside what units make. Where nothing is declared of a sort, as of the classes that a
distribution brings along, the names that objects use say which there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from elysium.evaluate import ObjectIndex, workloads
from elysium.evaluate.claims import claims, default_class
from elysium.evaluate.routing import ingress_class
from elysium.rehearse.facts.bodies import IS_DEFAULT, ingress_class_body, priority_class, runtime_class, storage_class
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot
from elysium.rehearse.types import Unknown
from elysium.settings import ClusterSettings

__all__ = ["gather_classes"]

_DEFAULT = "standard"
_OWN_PRIORITIES = ("system-cluster-critical", "system-node-critical")


class _Sort(msgspec.Struct, frozen=True, kw_only=True):
    """One sort of class. `used` are the names that objects of a revision use, an empty one for the default class."""

    setting: str
    group: str
    kind: str
    used: Callable[[ObjectIndex], Iterator[str]]
    body: Callable[[str], dict[str, Any]]
    judged: str

    def declared(self, settings: ClusterSettings, external: Iterable[str]) -> list[str]:
        names: Sequence[str] = getattr(settings, self.setting.replace("-", "_"))
        outside = (text.split("/") for text in external)
        return list(dict.fromkeys((*names, *(name for kind, _, name in outside if kind == self.kind))))


def _of_claims(index: ObjectIndex) -> Iterator[str]:
    for claim in claims(index):
        yield claim.storage_class or ""


def _of_ingresses(index: ObjectIndex) -> Iterator[str]:
    for item in index.of_kind("networking.k8s.io", "Ingress"):
        yield ingress_class(index.body(item))


def _of_pods(field: str) -> Callable[[ObjectIndex], Iterator[str]]:
    def named(index: ObjectIndex) -> Iterator[str]:
        for workload in workloads(index):
            name = workload.spec.get(field)
            if isinstance(name, str) and name:
                yield name

    return named


_SORTS = (
    _Sort(
        setting="storage-classes",
        group="storage.k8s.io",
        kind="StorageClass",
        used=_of_claims,
        body=storage_class,
        judged="whether a class serves a claim",
    ),
    _Sort(
        setting="ingress-classes",
        group="networking.k8s.io",
        kind="IngressClass",
        used=_of_ingresses,
        body=ingress_class_body,
        judged="whether a controller serves an ingress",
    ),
    _Sort(
        setting="priority-classes",
        group="scheduling.k8s.io",
        kind="PriorityClass",
        used=_of_pods("priorityClassName"),
        body=priority_class,
        judged="whether the priority of a pod is there",
    ),
    _Sort(
        setting="runtime-classes",
        group="node.k8s.io",
        kind="RuntimeClass",
        used=_of_pods("runtimeClassName"),
        body=runtime_class,
        judged="whether the runtime of a pod is there",
    ),
)


def gather_classes(rendered: Rendered, settings: ClusterSettings, external: Iterable[str], snapshot: Snapshot) -> Found:
    """The classes of every sort that no unit makes."""
    found = Found()
    for sort in _SORTS:
        made = rendered.names(sort.group, sort.kind)
        declared = sort.declared(settings, external)
        seen = [body for body in snapshot.classes if body.get("kind") == sort.kind] if not declared else []
        bodies = seen or [sort.body(name) for name in declared]
        used = _used(sort, rendered)
        known = {*made, *(_name(body) for body in bodies)}
        if not bodies or not rendered.is_whole:
            settled = {""} if bodies or _is_default_rendered(sort, rendered) else set()
            bodies += _made_up(sort, used - known - settled, rendered, found)
        wanted = [body for body in bodies if _name(body) not in made]
        if sort.kind == "StorageClass" and not _has_default(rendered, wanted):
            wanted = _with_default(wanted)
        found.objects += wanted
        found.classes[sort.setting] = tuple(sorted({*made, *(_name(body) for body in wanted)}))
    return found


def _used(sort: _Sort, rendered: Rendered) -> set[str]:
    names = {name for index in rendered.applied for name in sort.used(index)}
    return names - {*_OWN_PRIORITIES}


def _made_up(sort: _Sort, lacking: set[str], rendered: Rendered, found: Found) -> list[dict[str, Any]]:
    """Classes for the names that are used and not known; `standard` for a claim that leaves it to the default."""
    if not lacking:
        return []
    found.made_up.add(sort.setting)
    names = sorted({*(lacking - {""}), *((_DEFAULT,) if sort.kind == "StorageClass" and "" in lacking else ())})
    made = f" ({', '.join(names)} made up)" if names else ""
    sorts = sort.setting.replace("-", " ")
    message = f"nobody says which {sorts} there are beside those in Git{made}: {sort.judged} is not judged"
    remedy = f"name them as `{sort.setting}` of the cluster in elysium.toml, or run `elysium rehearse --snapshot` once"
    found.unknown.append(Unknown(phase=rendered.phase(0), code="class", message=message, remedy=remedy))
    return [sort.body(name) for name in names]


def _has_default(rendered: Rendered, bodies: list[dict[str, Any]]) -> bool:
    marked = any((body["metadata"].get("annotations") or {}).get(IS_DEFAULT) == "true" for body in bodies)
    return marked or _is_default_rendered(_SORTS[0], rendered)


def _is_default_rendered(sort: _Sort, rendered: Rendered) -> bool:
    return sort.kind == "StorageClass" and any(default_class(index) for index in rendered.applied)


def _with_default(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first storage class as the default, as the settings mean it; those of a snapshot say so themselves."""
    if not bodies or bodies[0]["metadata"].get("annotations") is not None:
        return bodies
    first = bodies[0]
    return [first | {"metadata": first["metadata"] | {"annotations": {IS_DEFAULT: "true"}}}, *bodies[1:]]


def _name(body: dict[str, Any]) -> str:
    return str(body["metadata"]["name"])
