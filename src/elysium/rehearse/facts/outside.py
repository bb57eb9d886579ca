"""Objects outside of Git: those of the settings by name, those of the snapshot with what it says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from elysium.evaluate.claims import mounted_claims
from elysium.model import ObjectId, group_of
from elysium.rehearse.facts.bodies import config_map, secret, stand_ins
from elysium.rehearse.facts.found import Found
from elysium.rehearse.facts.rendered import Rendered
from elysium.rehearse.facts.snapshot import Snapshot
from elysium.rehearse.types import Unknown

__all__ = ["gather_outside"]

_MADE_ELSEWHERE = ("IngressClass", "Namespace", "PriorityClass", "RuntimeClass", "StorageClass")


def gather_outside(rendered: Rendered, external: Iterable[str], snapshot: Snapshot) -> Found:
    """Stand-ins for what no unit makes. Those in a namespace that a unit makes wait for it."""
    found = Found()
    bodies: dict[ObjectId, dict[str, Any]] = {}
    for body in (*_seen(snapshot, rendered), *_declared(external, found)):
        bodies.setdefault(_identity(body), body)
    for identity, body in bodies.items():
        if identity in rendered.identities:
            continue
        if identity.namespace in rendered.namespaces:
            found.deferred.setdefault(identity.namespace, []).append(body)
        else:
            found.objects.append(body)
    found.unknown += _uncalled(snapshot, rendered)
    found.assumptions += [f"the snapshot could not read {text}" for text in snapshot.unread]
    return found


def _uncalled(snapshot: Snapshot, rendered: Rendered) -> Iterator[Unknown]:
    """Webhooks that the cluster has and Git has not: nothing is known of what they would judge."""
    if snapshot.webhooks:
        message = f"what the cluster's own webhooks would judge is not known: {', '.join(snapshot.webhooks)}"
        yield Unknown(phase=rendered.phase(0), code="webhook", message=message)


def _declared(external: Iterable[str], found: Found) -> Iterator[dict[str, Any]]:
    for text in external:
        kind, namespace, name = text.split("/", 2)
        made = stand_ins(kind, namespace, name)
        yield from made
        if not made and kind not in _MADE_ELSEWHERE:
            found.assumptions.append(
                f"{kind}/{namespace or ''}/{name} is outside of Git, and nothing stands for it here"
            )


def _seen(snapshot: Snapshot, rendered: Rendered) -> Iterator[dict[str, Any]]:
    for keyed in snapshot.keyed:
        make = secret if keyed.kind == "Secret" else config_map
        yield make(keyed.namespace, keyed.name, keyed.keys)
    mounted = {(load.namespace, name) for _, load in rendered.workloads() for name, _ in mounted_claims(load)}
    for named in snapshot.named:  # claims that a StatefulSet has made are made anew here
        if named.kind != "PersistentVolumeClaim" or (named.namespace, named.name) in mounted:
            yield from stand_ins(named.kind, named.namespace, named.name)
    yield from snapshot.limits
    yield from snapshot.policies


def _identity(body: dict[str, Any]) -> ObjectId:
    metadata = body["metadata"]
    return ObjectId(
        group_of(str(body["apiVersion"])),
        str(body["kind"]),
        str(metadata.get("namespace") or ""),
        str(metadata["name"]),
    )
