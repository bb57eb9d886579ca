"""Two HelmReleases that are one release for Helm.

Helm knows a release by its name and the namespace that its Secrets are kept in (`storageNamespace`, otherwise that of
the HelmRelease). Two HelmReleases with the same upgrade each other's objects away, one after the other, without end.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.context import Context
from elysium.check.findings import about_object
from elysium.check.flux.objects import FluxObject, flux_objects
from elysium.check.locate import in_object
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="release-conflict",
    severity=Severity.ERROR,
    summary="two HelmReleases that are one release for Helm",
    topic=Topic.FLUX,
    profiles=("default", "gitops"),
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each HelmRelease after the first of a name and storage namespace."""
    first: dict[tuple[str, str, str], FluxObject] = {}
    for found in flux_objects(context, "HelmRelease"):
        name, namespace = _name(found), str(found.spec.get("storageNamespace") or found.item.namespace)
        if found.is_remote or "${" in name + namespace:
            continue
        other = first.setdefault((found.item.origin.unit.cluster, namespace, name), found)
        if other.item.id != found.item.id:
            message = f"{found.item} and {other.item} are both the release {name} in namespace {namespace}"
            hint = "give one of them another releaseName, or a storageNamespace of its own"
            at = in_object(context, found.item, ("metadata", "name"))
            yield about_object(RULE, found.item, at, message, hint=hint)


def _name(found: FluxObject) -> str:
    """The name that helm-controller gives the release (before it shortens what is too long)."""
    if found.spec.get("releaseName"):
        return str(found.spec["releaseName"])
    target = found.spec.get("targetNamespace")
    return f"{target}-{found.item.name}" if target else found.item.name
