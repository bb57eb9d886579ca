"""What it means that an object was made anew, or stays without a unit."""

from __future__ import annotations

from elysium.cluster.protocol import Action
from elysium.model import ObjectId

__all__ = ["consequence"]

_RECREATED = {
    "PersistentVolumeClaim": "it is deleted and made anew: its data is gone; take `force` away, or copy the data first",
    "StatefulSet": "it is deleted and made anew: all of its Pods go at once; the claims of its templates stay",
    "Deployment": "it is deleted and made anew: all of its Pods go at once",
    "DaemonSet": "it is deleted and made anew: all of its Pods go at once",
    "Service": "it is deleted and made anew: it may get another address, and is away for a moment",
    "Namespace": "it is deleted and made anew, with all that is in it",
    "CustomResourceDefinition": "it is deleted and made anew, and with it every object of its kind",
}


def consequence(action: Action, identity: ObjectId) -> str:
    """What a person should know or do; empty for what needs no word."""
    if action is Action.RECREATED:
        return _RECREATED.get(identity.kind, "it is deleted and made anew, because its change cannot be made in place")
    if action is Action.ORPHANED:
        where = f"-n {identity.namespace} " if identity.namespace else ""
        kind = f"{identity.kind}.{identity.group}".rstrip(".").lower()
        return f"nothing manages it any more; when it is not needed: kubectl {where}delete {kind} {identity.name}"
    return ""
