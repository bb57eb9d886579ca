"""What to do when an object has to change where the server lets nobody change it.

Flux deletes and recreates with `kustomize.toolkit.fluxcd.io/force: enabled` (kustomize-controller, "Controlling the
apply behavior"); Helm never does, so for what a chart made only a new name or a deletion by hand remains.
"""

from __future__ import annotations

import re

from elysium.cluster.protocol import Entry

__all__ = ["immutability_hint"]

FORCE = "annotate it with kustomize.toolkit.fluxcd.io/force: enabled for this change"

_CHANGED = re.compile(r"^[-+]\s+\"(\w+)\"", re.MULTILINE)


def immutability_hint(entry: Entry, field: str) -> str:
    """What can be done, and what it costs."""
    kind = entry.object.kind
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(entry, field)
    cost = _COSTS.get(kind, "")
    return f"undo the change of {_named(field)}, or give the object a new name, or {_recreate(entry, cost)}"


_COSTS = {
    "Deployment": "its Pods restart",
    "DaemonSet": "its Pods restart",
    "ReplicaSet": "its Pods restart",
    "Pod": "it restarts",
    "Service": "its address changes and connections break for a moment",
    "CustomResourceDefinition": "this deletes every object of the kind",
    "PersistentVolume": "its claim loses its volume: data loss unless the reclaim policy is Retain",
}


def _named(field: str) -> str:
    return field or "what cannot change"


def _recreate(entry: Entry, cost: str) -> str:
    """Delete and recreate, as whoever applies the object can."""
    warning = f" ({cost})" if cost else ""
    if entry.step in ("release", "crds", "hook"):
        return f"delete it by hand when the change is merged, since Helm does not recreate it{warning}"
    return f"have it deleted and recreated: {FORCE}{warning}"


def _stateful_set(entry: Entry, field: str) -> str:
    place = "its volumeClaimTemplates, selector, serviceName and podManagementPolicy cannot change"
    return (
        f"{place}; undo the change, or delete the StatefulSet with --cascade=orphan when it is merged, so that the Pods"
        " and their claims stay (recreating it by force restarts all Pods, claims that exist keep their size and a new"
        " name of a claim starts empty: data loss)"
    )


def _claim(entry: Entry, field: str) -> str:
    if "only dynamically provisioned" in entry.message:
        return "its StorageClass does not expand claims: set allowVolumeExpansion: true there, or keep the size"
    if "can not be less than" in entry.message or _shrinks(entry.message):
        return (
            "a claim never shrinks: keep the old size, or make a smaller claim with a new name and copy the data"
            " (recreating this one deletes its data)"
        )
    what = {"StorageClassName": "storageClassName", "AccessModes": "accessModes"}
    changed = next((what[name] for name in _CHANGED.findall(entry.message) if name in what), "")
    if not changed and '"storage"' in entry.message:
        return (
            "a claim that is not bound cannot grow: change its size once it is bound and its StorageClass has"
            " allowVolumeExpansion: true, or recreate it while it is empty"
        )
    return (
        f"{changed or 'the spec'} of a claim cannot change: keep it, or make a claim with a new name and copy the data"
        " (recreating this one deletes its data)"
    )


_STORAGE = re.compile(r"^([-+])\s+\"storage\": \"([^\"]+)\"", re.MULTILINE)
_QUANTITY = re.compile(r"([0-9.]+)([KMGTPE]?i?|[mk])")
_FACTORS = {"": 1, "k": 10**3, "m": 1e-3}
_FACTORS |= {letter: 10 ** (3 * place) for place, letter in enumerate("KMGTPE", 1)}
_FACTORS |= {f"{letter}i": 1024**place for place, letter in enumerate("KMGTPE", 1)}


def _shrinks(message: str) -> bool:
    sizes = {sign: _bytes(text) for sign, text in _STORAGE.findall(message)}
    return len(sizes) == 2 and sizes["+"] < sizes["-"]


def _bytes(text: str) -> float:
    found = _QUANTITY.fullmatch(text)
    return float(found[1]) * _FACTORS[found[2]] if found else 0


def _job(entry: Entry, field: str) -> str:
    if entry.step in ("release", "crds", "hook"):
        return (
            "a Job's template cannot change: give it a new name with each revision in the chart, or make it a hook with"
            " helm.sh/hook-delete-policy: before-hook-creation, or set ttlSecondsAfterFinished"
        )
    return f"a Job's template cannot change: give it a new name with each change, or {FORCE} (it runs again)"


def _binding(entry: Entry, field: str) -> str:
    return f"roleRef cannot change: give the binding a new name, or {_recreate(entry, 'without rights for a moment')}"


def _service(entry: Entry, field: str) -> str:
    if field.startswith("spec.clusterIP"):
        return f"an address cannot change: leave clusterIP as it was (or out), or {_recreate(entry, _COSTS['Service'])}"
    return f"undo the change of {_named(field)}, or {_recreate(entry, _COSTS['Service'])}"


def _settings(entry: Entry, field: str) -> str:
    return (
        f"give it a new name with each change (configMapGenerator and secretGenerator do), or"
        f" {_recreate(entry, 'what mounts it keeps the old content until it restarts')}"
        if field != "type"
        else f"keep the type, or give the Secret a new name, or {_recreate(entry, '')}"
    )


def _class(entry: Entry, field: str) -> str:
    return f"{_named(field)} of {entry.object.id} cannot change: make one with a new name, or {_recreate(entry, '')}"


_SPECIAL = {
    "StatefulSet": _stateful_set,
    "PersistentVolumeClaim": _claim,
    "Job": _job,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "Service": _service,
    "ConfigMap": _settings,
    "Secret": _settings,
    "StorageClass": _class,
    "PriorityClass": _class,
    "IngressClass": _class,
    "RuntimeClass": _class,
}
