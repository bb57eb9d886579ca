"""Another version of the same API, where nothing but `apiVersion` changes and nobody has to decide anything."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from elysium.check.closure import KUSTOMIZATION_FILES
from elysium.check.context import Context
from elysium.check.locate import in_document
from elysium.errors import EngineError
from elysium.model import Edit

__all__ = ["SAME_IN", "version_edits"]

SAME_IN = {
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"): "autoscaling/v2",
    ("batch/v1beta1", "CronJob"): "batch/v1",
    ("coordination.k8s.io/v1beta1", "Lease"): "coordination.k8s.io/v1",
    ("discovery.k8s.io/v1beta1", "EndpointSlice"): "discovery.k8s.io/v1",
    ("networking.k8s.io/v1beta1", "IngressClass"): "networking.k8s.io/v1",
    ("node.k8s.io/v1beta1", "RuntimeClass"): "node.k8s.io/v1",
    ("policy/v1beta1", "PodDisruptionBudget"): "policy/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "Role"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding"): "rbac.authorization.k8s.io/v1",
    ("scheduling.k8s.io/v1beta1", "PriorityClass"): "scheduling.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "CSIDriver"): "storage.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "StorageClass"): "storage.k8s.io/v1",
}
"""Kinds whose newer version means the same by the same fields (the API server converts them field by field), from the
deprecation guide of Kubernetes. Others changed a default, a structure or a meaning: somebody has to look at them.
"""

_VERSION_LINE = re.compile(r"""^(\s*-?\s*["']?apiVersion["']?\s*:\s*["']?)([^"'\s#]+)(["']?\s*(?:#.*)?)$""")


def version_edits(context: Context, file: str, index: int, version: str) -> tuple[Edit, ...]:
    """The edit that gives a document of a file another `apiVersion`; none unless the schema of that version accepts the
    document as it is, and nothing else in the repository names the object by the old one.
    """
    body = context.bodies(file).get(index)
    if not isinstance(body, dict) or not _is_accepted(context, body, version):
        return ()
    old = str(body.get("apiVersion") or "")
    metadata = body.get("metadata")
    name = str(metadata.get("name") or "") if isinstance(metadata, dict) else ""
    if not name or _changes_meaning(body) or _named_elsewhere(context, file, index, (old, name)):
        return ()
    at = in_document(context, file, index, ("apiVersion",))
    lines = context.text(file).split("\n")
    line = lines[at.line - 1].removesuffix("\r") if 0 < at.line <= len(lines) else ""
    match = _VERSION_LINE.match(line)
    if match is None or match[2] != old:
        return ()
    return (Edit(file=file, line=at.line, old=f"{line}\n", new=f"{match[1]}{version}{match[3]}\n"),)


def _is_accepted(context: Context, body: dict[str, Any], version: str) -> bool:
    params = {
        "kubernetes": context.render.kubernetes,
        "flux": context.render.flux,
        "crds": [],
        "objects": [{**body, "apiVersion": version}],
    }
    try:
        problems = context.ask("objects.validate", params)["problems"]
    except EngineError:
        return False
    return not any(problems)


def _changes_meaning(body: dict[str, Any]) -> bool:
    """The few fields that say something else in the newer version.

    An empty selector of a PodDisruptionBudget selected no pod in v1beta1 and selects every pod in v1; the message of an
    ImageUpdateAutomation knows `.Changed` in place of `.Updated`.
    """
    spec = body.get("spec")
    if body.get("kind") == "PodDisruptionBudget":
        return not (isinstance(spec, dict) and spec.get("selector"))
    return body.get("kind") == "ImageUpdateAutomation" and ".Updated" in str(spec)


def _named_elsewhere(context: Context, file: str, index: int, wanted: tuple[str, str]) -> bool:
    """Whether a patch may find the object by its old version: a document like it, or a text of a kustomization."""
    version, name = wanted
    for other in context.documents.files:
        if other.path == file and len(other.documents) == 1:
            continue
        for document in other.documents:
            same = (document.api_version, document.name) == (version, name)
            if same and (other.path, document.index) != (file, index):
                return True
        if posixpath.basename(other.path) in KUSTOMIZATION_FILES or _holds_patches(other.documents):
            text = context.text(other.path)
            if version in text and name in text:
                return True
    return False


def _holds_patches(documents: tuple[Any, ...]) -> bool:
    return any(document.api_version.startswith("kustomize.toolkit.fluxcd.io/") for document in documents)
