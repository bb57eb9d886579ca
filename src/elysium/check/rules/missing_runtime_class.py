"""A RuntimeClass that does not exist.

The admission of the API server refuses pods with an unknown `runtimeClassName`. The classes that k3s and RKE2 make for
the runtimes that they find on a node are taken as there.
"""

from __future__ import annotations

from collections.abc import Iterator

from elysium.check.absence.missing import missing, settings_of, uses
from elysium.check.context import Context
from elysium.check.rule import Rule, Topic
from elysium.model import Finding, Severity

__all__ = ["RULE", "check"]

RULE = Rule(
    id="missing-runtime-class",
    severity=Severity.ERROR,
    summary="pods name a RuntimeClass that nothing makes",
    topic=Topic.SCHEDULING,
    profiles=("default", "gitops"),
)

_OF_K3S = frozenset(
    {"nvidia", "nvidia-experimental", "nvidia-cdi", "crun", "runc", "kata", "gvisor"}
    | {"lunatic", "slight", "spin", "wws", "wasmedge", "wasmer", "wasmtime"}
)
"""Made by k3s for what is installed on the node (k3s documentation, "Advanced options"), and those of Talos."""


def check(context: Context) -> Iterator[Finding]:
    """One finding for each unknown class."""
    for index, use in uses(context, "RuntimeClass"):
        known = {item.name for item in index.of_kind("node.k8s.io", "RuntimeClass")}
        known.update(settings_of(context, use).runtime_classes)
        if use.name not in known and use.name not in _OF_K3S:
            finding = missing(RULE, context, use, known)
            if finding is not None:
                yield finding
