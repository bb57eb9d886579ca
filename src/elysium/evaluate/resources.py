"""The name of a kind in URLs and roles: `deployments` of `Deployment`.

For built-in kinds it follows from the kind (k8s.io/apimachinery, UnsafeGuessKindToResource, which is right for all of
them); for custom ones the CustomResourceDefinition tells.
"""

from __future__ import annotations

from elysium.evaluate.index import ObjectIndex
from elysium.evaluate.workloads import mapping

__all__ = ["BUILT_IN_GROUPS", "resource_of"]

BUILT_IN_GROUPS = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)


def resource_of(index: ObjectIndex, group: str, kind: str) -> str | None:
    """The resource of a kind; None for a custom kind whose definition is not in Git."""
    if group in BUILT_IN_GROUPS:
        return _guess(kind.lower())
    return _custom(index).get((group, kind))


def _guess(singular: str) -> str:
    if singular == "endpoints":
        return singular
    if singular.endswith("s"):
        return f"{singular}es"
    return f"{singular[:-1]}ies" if singular.endswith("y") else f"{singular}s"


def _custom(index: ObjectIndex) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] | None = index.__dict__.get("custom_resources")
    if found is None:
        found = {}
        for item in index.of_kind("apiextensions.k8s.io", "CustomResourceDefinition"):
            spec = mapping(index.body(item).get("spec"))
            names = mapping(spec.get("names"))
            found[(str(spec.get("group")), str(names.get("kind")))] = str(names.get("plural"))
        index.__dict__["custom_resources"] = found
    return found
