"""A StorageClass that does not exist.

A claim of an unknown class stays `Pending`, and its pods with it. Only repositories that keep their StorageClasses
themselves (or say in the settings which ones there are) are held against this; a claim that names its volume needs no
class. The classes that Kubernetes distributions bring along are taken as there.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, settings_of, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-storage-class",
    severity=Severity.WARNING,
    summary="a claim asks for a StorageClass that nothing makes",
    topic=Topic.STORAGE,
    profiles=("default", "gitops"),
)

_OF_DISTRIBUTIONS = frozenset(
    {"local-path", "standard", "standard-rwo", "premium-rwo", "default", "managed-csi", "managed-csi-premium"}
    | {"azurefile-csi", "gp2", "gp3", "hostpath", "do-block-storage", "hcloud-volumes", "linode-block-storage"}
)


def check(context: Context) -> Iterator[Finding]:
    """One finding for each unknown class."""
    for index, use in uses(context, "StorageClass"):
        known = {item.name for item in index.of_kind("storage.k8s.io", "StorageClass")}
        known.update(settings_of(context, use).storage_classes)
        if known and use.name not in known and use.name not in _OF_DISTRIBUTIONS:
            finding = missing(RULE, context, use, known)
            if finding is not None:
                yield finding
