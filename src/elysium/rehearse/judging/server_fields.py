"""An object without what the API server and the controllers write into it by themselves."""

from __future__ import annotations

from typing import Any

from elysium.model import ObjectId

__all__ = ["is_made_by_cluster", "without_server_fields"]

_METADATA = {
    "uid", "resourceVersion", "creationTimestamp", "generation", "selfLink", "managedFields", "deletionTimestamp",
    "deletionGracePeriodSeconds",
}  # fmt: skip
_ANNOTATIONS = {
    "deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation",
    "kubectl.kubernetes.io/last-applied-configuration", "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller", "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/selected-node",
    "reconcile.fluxcd.io/requestedAt",
}  # fmt: skip
_JOB_LABELS = {"controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name"}
_KINDS = {
    ("", "Event"), ("events.k8s.io", "Event"), ("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice"),
    ("coordination.k8s.io", "Lease"), ("apps", "ControllerRevision"), ("", "Node"),
}  # fmt: skip
"""Kinds that only controllers write."""
_AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged"
"""The label of the APIService that the server makes for the group of a definition, and takes away with it."""
_PROVISIONED = "pv.kubernetes.io/provisioned-by"
"""The annotation of a volume that a class made for a claim: the claim says what became of it."""


def is_made_by_cluster(identity: ObjectId, body: dict[str, Any]) -> bool:
    """Whether a controller made the object: one that another owns, what every namespace gets, Helm's own records, a
    volume that was made for a claim.
    """
    if (identity.group, identity.kind) in _KINDS or _metadata(body).get("ownerReferences"):
        return True
    if _PROVISIONED in (_metadata(body).get("annotations") or {}):
        return True
    if body.get("type") == "helm.sh/release.v1" or _AUTOMANAGED in (_metadata(body).get("labels") or {}):
        return True
    return (identity.kind, identity.name) in (("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt"))


def without_server_fields(body: dict[str, Any]) -> dict[str, Any]:
    """What somebody asked for: the object without identity, status, and what was allocated or bound for it."""
    kept = {key: value for key, value in body.items() if key != "status"}
    metadata = {key: value for key, value in _metadata(body).items() if key not in _METADATA}
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict):
        metadata["annotations"] = {key: value for key, value in annotations.items() if key not in _ANNOTATIONS}
    for empty in ("annotations", "labels", "finalizers"):
        if not metadata.get(empty):
            metadata.pop(empty, None)
    kept["metadata"] = metadata
    spec = kept.get("spec")
    clean = _SPECS.get(str(body.get("kind")))
    if clean is not None and isinstance(spec, dict):
        kept["spec"] = clean(spec)
    return kept


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    metadata = body.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _service(spec: dict[str, Any]) -> dict[str, Any]:
    """Addresses and node ports are allocated; that there is none (`None`) is asked for."""
    headless = spec.get("clusterIP") == "None"
    drop = {"healthCheckNodePort"} if headless else {"healthCheckNodePort", "clusterIP", "clusterIPs"}
    kept = {key: value for key, value in spec.items() if key not in drop}
    if isinstance(kept.get("ports"), list):
        kept["ports"] = [_without(port, {"nodePort"}) for port in kept["ports"]]
    return kept


def _claim(spec: dict[str, Any]) -> dict[str, Any]:
    return _kept(spec, {"volumeName"})


def _volume(spec: dict[str, Any]) -> dict[str, Any]:
    """A claim binds a volume, which then names it."""
    return _kept(spec, {"claimRef"})


def _job(spec: dict[str, Any]) -> dict[str, Any]:
    kept = _kept(spec, {"selector"})
    template = kept.get("template")
    if isinstance(template, dict) and isinstance(template.get("metadata"), dict):
        labels = _without(template["metadata"].get("labels"), _JOB_LABELS)
        kept["template"] = {**template, "metadata": {**template["metadata"], "labels": labels}}
    return kept


def _pod(spec: dict[str, Any]) -> dict[str, Any]:
    return _kept(spec, {"nodeName"})


def _without(value: Any, names: set[str]) -> Any:
    """A mapping without some of its fields; anything else, which no server would hold, as it is."""
    return _kept(value, names) if isinstance(value, dict) else value


def _kept(value: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if key not in names}


_SPECS = {"Service": _service, "PersistentVolumeClaim": _claim, "PersistentVolume": _volume, "Job": _job, "Pod": _pod}
