"""What is asked of the replay for one unit: the requests of docs/replay-protocol.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from elysium.cluster.protocol import Reference
from elysium.model import ObjectId, UnitId, UnitKind
from elysium.rehearse.inventory import Kept
from elysium.rehearse.scenario import Part, Sent
from elysium.rehearse.specification import defining_object

__all__ = [
    "apply",
    "definitions_of",
    "hook_records",
    "hooks_of",
    "owner_labels",
    "prune",
    "readiness",
    "report",
    "uninstall",
]

QUIET = 1500
"""Milliseconds without a move after which what is not ready will not become so by itself."""

LONGEST = 20_000
"""Milliseconds for which readiness is awaited."""

_OWNERS = {
    UnitKind.KUSTOMIZATION: "kustomize.toolkit.fluxcd.io",
    UnitKind.RESOURCE_SET: "resourceset.fluxcd.controlplane.io",
}


def apply(part: Part, kept: Kept | None) -> tuple[str, dict[str, Any]]:
    """The method and the parameters that apply a unit; `kept` is what it has applied before."""
    if part.id.kind is UnitKind.HELM_RELEASE:
        return "release", _release(part, kept)
    specification = part.specification
    return "apply", {
        "unit": str(part.id),
        "controller": specification.controller,
        "account": specification.account,
        "force": specification.force,
        "ignore": list(specification.ignore),
        "objects": [msgspec.Raw(sent.raw) for sent in part.objects],
    }


def _release(part: Part, kept: Kept | None) -> dict[str, Any]:
    release = part.specification.release
    assert release is not None
    policy = release.upgrade_crds if kept else release.install_crds
    return {
        "unit": str(part.id),
        "account": part.specification.account,
        "release": _release_record(part, kept.revision + 1 if kept else 1, upgrade=kept is not None),
        "crds": {"policy": policy, "objects": [msgspec.Raw(sent.raw) for sent in definitions_of(part)]},
        "objects": [msgspec.Raw(sent.raw) for sent in part.lasting],
        "hooks": hook_records(hooks_of(part)),
        "previous": list(kept.objects) if kept else [],
    }


def definitions_of(part: Part) -> list[Sent]:
    """The CRDs of a chart's `crds/`, which are no part of its release."""
    return [sent for sent in part.objects if sent.item.crd]


def hooks_of(part: Part) -> list[Sent]:
    """The hooks of a release."""
    return [sent for sent in part.objects if sent.item.hook is not None]


def hook_records(hooks: Iterable[Sent]) -> list[dict[str, Any]]:
    """Hooks as the protocol has them."""
    found = []
    for sent in hooks:
        hook = sent.item.hook
        assert hook is not None
        found.append(
            {
                "object": msgspec.Raw(sent.raw),
                "events": list(hook.events),
                "weight": hook.weight,
                "delete_policies": list(hook.delete_policies),
            }
        )
    return found


def _release_record(part: Part, revision: int, *, upgrade: bool) -> dict[str, Any]:
    release = part.specification.release
    assert release is not None
    return {
        "name": release.name,
        "namespace": release.namespace,
        "storage_namespace": release.storage_namespace,
        "chart": part.unit.chart,
        "revision": revision,
        "upgrade": upgrade,
        "create_namespace": release.create_namespace,
        "take_ownership": release.upgrade_takes_over if upgrade else release.install_takes_over,
    }


def uninstall(kept: Kept) -> dict[str, Any]:
    """The parameters that take a release away."""
    return {
        "unit": str(kept.part.id),
        "account": kept.part.specification.account,
        "release": _release_record(kept.part, kept.revision, upgrade=True),
        "objects": list(kept.objects),
        "hooks": hook_records(hooks_of(kept.part)),
    }


def prune(part: Part, objects: Iterable[Reference]) -> dict[str, Any]:
    """The parameters that delete what a unit no longer has."""
    return {
        "unit": str(part.id),
        "controller": part.specification.controller,
        "account": part.specification.account,
        "owner": owner_labels(part.id),
        "objects": list(objects),
    }


def owner_labels(unit: UnitId) -> dict[str, str]:
    """The labels by which a controller knows its objects."""
    prefix = _OWNERS[unit.kind]
    return {f"{prefix}/name": unit.name, f"{prefix}/namespace": unit.namespace}


def readiness(part: Part) -> dict[str, Any]:
    """The parameters that wait for what a unit waits for: all of its objects, or its health checks."""
    checked = part.specification.health_checks
    if part.specification.waits:
        waited = [sent.reference for sent in part.lasting]
    else:
        waited = [_reference(identity) for identity in checked]
    return {"objects": waited, "quiet": QUIET, "limit": LONGEST}


def report(part: Part, *, ready: bool, message: str, revision: str) -> dict[str, Any]:
    """The parameters that write a unit's status, as its controller would."""
    return {
        "object": _reference(defining_object(part.id)),
        "ready": ready,
        "message": message,
        "revision": revision,
        "inventory": [sent.reference for sent in part.lasting],
    }


def _reference(identity: ObjectId) -> Reference:
    return Reference(group=identity.group, kind=identity.kind, namespace=identity.namespace, name=identity.name)
